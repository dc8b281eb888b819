/** Node loads the client behind the global WebSocket when it is first touched: part of starting, not of connecting. */
export const loadWebSocket = (): unknown => globalThis.WebSocket
