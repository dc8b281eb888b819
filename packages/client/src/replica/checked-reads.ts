import { RejoinError } from '@rejoin/base'
import type { Batch, Row, Scan, Store } from '@rejoin/storage'
import { isAside } from './keys.ts'
import { isSound } from './records.ts'

/** Readings that all differ are no sign of what is on disk. */
const readingsMax = 5

/**
 * `store`, but what fails its checksum is read again, and taken for damaged only if it reads as the same bytes twice
 * running: bad memory and a bad cable flip a bit of what is right on disk, and that must cost nobody a write. Rejects
 * with `storage-unavailable` if no two readings agree. What it returns is always of one moment.
 */
export function checkedReads(store: Store): Store {
  return {
    durability: store.durability,
    get: async (keys) => {
      const named = (values: readonly (Uint8Array | undefined)[]): readonly Row[] =>
        keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]] as const]))
      return agreed(() => store.get(keys), named)
    },
    scan: (range: Scan) =>
      agreed(
        () => store.scan(range),
        (rows) => rows,
      ),
    commit: (batch: Batch) => store.commit(batch),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

async function agreed<T>(read: () => Promise<T>, rowsOf: (found: T) => readonly Row[]): Promise<T> {
  let before: ReadonlyMap<string, Uint8Array> = new Map()
  for (let left = readingsMax; left > 0; left--) {
    const found = await read()
    const damaged = new Map(rowsOf(found).filter(([key, bytes]) => !isAside(key) && !isSound(bytes)))
    if ([...damaged].every(([key, bytes]) => isSame(bytes, before.get(key)))) return found
    before = damaged
  }
  throw new RejoinError('storage-unavailable', `The store read something else each of ${readingsMax} times.`)
}

const isSame = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  a.length === b?.length && a.every((byte, i) => byte === b[i])
