/** What a process asked of the file system, in order. Paths are relative to the folder; the folder itself is ''. */
export type FileEvent =
  | { readonly kind: 'create' | 'sync' | 'unlink'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }

const headBytes = 15

/** Reads what `recorder.c` wrote. Throws for a call that the replayer does not know: the harness would prove nothing. */
export function parseJournal(bytes: Buffer): readonly FileEvent[] {
  const events: FileEvent[] = []
  for (let at = 0; at < bytes.length;) {
    const kind = String.fromCharCode(bytes.readUInt8(at))
    const pathLength = bytes.readUInt16LE(at + 1)
    const count = bytes.readUInt32LE(at + 3)
    const offset = Number(bytes.readBigUInt64LE(at + 7))
    const start = at + headBytes
    const path = bytes.toString('utf8', start, start + pathLength)
    const data = bytes.subarray(start + pathLength, start + pathLength + count)
    events.push(eventOf(kind, path, offset, data))
    at = start + pathLength + count
  }
  return events
}

function eventOf(kind: string, path: string, offset: number, data: Buffer): FileEvent {
  switch (kind) {
    case 'c':
      return { kind: 'create', path }
    case 's':
      return { kind: 'sync', path }
    case 'u':
      return { kind: 'unlink', path }
    case 'w':
      return { kind: 'write', path, offset, bytes: data }
    case 't':
      return { kind: 'truncate', path, size: offset }
    case 'r':
      return { kind: 'rename', path, to: data.toString() }
    default:
      throw new Error(`The recorder saw a call on ${path} that the replayer does not know.`)
  }
}
