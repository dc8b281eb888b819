/** What a connection tells its owner. Nothing follows `closed`. */
export interface LinkEvents {
  opened(): void
  received(frame: Uint8Array): void
  /** `code` is a WebSocket close code; 1006 if the connection broke or was never made. */
  closed(code: number, reason: string): void
}

export interface Link {
  send(frame: Uint8Array): void
  /** Ends the connection; `closed` still follows. */
  close(): void
  /** Bytes accepted by `send` that have not left yet. */
  buffered(): number
}

/** How frames reach a server: a WebSocket, or a network of the simulator. */
export interface Transport {
  connect(url: string, events: LinkEvents): Link
}
