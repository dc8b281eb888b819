import { RejoinError } from '@rejoin/base'
import { everyKey } from '@rejoin/storage'
import type { Row } from '@rejoin/storage'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { rmSync } from 'node:fs'
import type { Verdict } from './damage.ts'
import type { Files } from './disk.ts'
import { inFolderOf, newFolder, readFiles } from './folders.ts'
import { applyBatch, batchAt, isSealed } from './replica-script.ts'

export interface ReplicaSample {
  /** While the store was open: most of it is in the WAL. */
  readonly open: Files
  /** After it was closed: all of it is in the database. */
  readonly closed: Files
  /** What was committed, after each batch. */
  readonly states: readonly ReadonlyMap<string, Uint8Array>[]
}

/** A small store. */
export async function replicaSample(batches: number): Promise<ReplicaSample> {
  const folder = newFolder()
  try {
    const store = await sqliteStore(folder)
    const states: ReadonlyMap<string, Uint8Array>[] = [new Map()]
    for (let number = 1; number <= batches; number++) {
      await store.commit(batchAt(number))
      const rows = new Map(states.at(-1))
      applyBatch(rows, batchAt(number))
      states.push(rows)
    }
    // This drops SQLite's lock; nobody else is here.
    const open = readFiles(folder)
    await store.close()
    return { open, closed: readFiles(folder), states }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Says, or is as it was after some batch: whole, but not necessarily the last one. */
export const judgeReplicaBefore =
  ({ states }: ReplicaSample) =>
  async (files: Files): Promise<Verdict> => {
    for (const state of states.toReversed()) {
      const verdict = await judgeReplica(state)(files)
      if (verdict.kind !== 'silent') return verdict
    }
    return { kind: 'silent', how: 'it is as it never was' }
  }

/** Row by row: each is as it was, or its own checksum says that it is not, or the store refuses. */
export const judgeReplica =
  (expected: ReadonlyMap<string, Uint8Array>) =>
  (files: Files): Promise<Verdict> =>
    inFolderOf(files, async (folder): Promise<Verdict> => {
      try {
        const store = await sqliteStore(folder)
        const found = await rowsOf(async () => store.scan(everyKey))
        const one = await rowsOf(async () => {
          const keys = [...expected.keys()]
          const values = await store.get(keys)
          return keys.flatMap((key, i): Row[] => (values[i] === undefined ? [] : [[key, values[i]]]))
        })
        await store.close()
        const verdicts = [found, one].map((rows) => (rows === undefined ? said : compare(expected, rows)))
        return verdicts.find(({ kind }) => kind === 'silent') ?? verdicts.find(({ kind }) => kind === 'said') ?? same
      } catch (cause) {
        if (cause instanceof RejoinError && cause.kind.startsWith('storage-'))
          return { kind: 'said', how: cause.message }
        return { kind: 'silent', how: `it broke: ${String(cause)}` }
      }
    })

const same: Verdict = { kind: 'same' }
const said: Verdict = { kind: 'said' }

/** Undefined if the store says that it cannot read them. */
async function rowsOf(read: () => Promise<readonly Row[]>): Promise<readonly Row[] | undefined> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof RejoinError && cause.kind.startsWith('storage-')) return undefined
    throw cause
  }
}

function compare(expected: ReadonlyMap<string, Uint8Array>, rows: readonly Row[]): Verdict {
  let verdict = same
  const found = new Map(rows)
  for (const [key, value] of found) {
    const before = expected.get(key)
    if (!isSealed(value)) verdict = { kind: 'said', how: `the checksum of ${key} does not fit` }
    else if (before === undefined) return { kind: 'silent', how: `${key} was never there` }
    else if (Buffer.compare(value, before) !== 0) return { kind: 'silent', how: `${key} is another` }
  }
  const lost = [...expected.keys()].find((key) => !found.has(key))
  return lost === undefined ? verdict : { kind: 'silent', how: `${lost} is lost` }
}
