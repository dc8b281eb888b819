import type { Transport } from '../transport.ts'

/** One binary WebSocket message per frame, by the WebSocket that browsers and Node have. */
export const webSocketTransport: Transport = {
  connect(url, events) {
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    let ended = false
    const end = (code: number, reason: string): void => {
      if (ended) return
      ended = true
      events.closed(code, reason)
    }
    socket.addEventListener('open', () => events.opened())
    socket.addEventListener('message', (message: MessageEvent<unknown>) => {
      if (ended) return
      if (message.data instanceof ArrayBuffer) events.received(new Uint8Array(message.data))
      else socket.close(4400, 'binary frames only')
    })
    socket.addEventListener('close', (close) => end(close.code, close.reason))
    return {
      send(frame) {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame as Uint8Array<ArrayBuffer>)
      },
      close() {
        socket.close(1000)
        // A dead peer never answers the closing handshake; the owner need not wait for it.
        end(1000, 'closed here')
      },
      buffered: () => socket.bufferedAmount,
    }
  },
}
