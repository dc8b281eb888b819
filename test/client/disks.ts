import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import type { Row, Store } from '@rejoin/storage'

const everything = { from: '', to: '\x7f' }

/** Another disk with what the store shows at this moment: a backup, a snapshot of a machine, what a lying disk kept. */
export async function copyOf(store: Store): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  await change(disk, await store.scan(everything))
  return disk
}

export async function rowsOf(disk: MemoryDisk): Promise<readonly Row[]> {
  const store = memoryStore(disk)
  const rows = await store.scan(everything)
  await store.close()
  return rows
}

export const keysOf = async (disk: MemoryDisk): Promise<readonly string[]> => (await rowsOf(disk)).map(([key]) => key)

/** Changes one byte of every record of the disk that the pattern names: the last one, or the one at `index`. Returns how many there were. */
export async function damage(disk: MemoryDisk, pattern: RegExp, index = -1): Promise<number> {
  const rows = (await rowsOf(disk)).filter(([key]) => pattern.test(key))
  for (const [, value] of rows) {
    const at = index < 0 ? value.length + index : index
    value.set([(value[at] ?? 0) ^ 1], at)
  }
  await change(disk, rows)
  return rows.length
}

async function change(disk: MemoryDisk, put: readonly Row[]): Promise<void> {
  const store = memoryStore(disk)
  await store.commit({ put })
  await store.close()
}

/** Flips a bit of one byte of one record. */
export async function flip(disk: MemoryDisk, key: string, at: number): Promise<void> {
  const [, value] = (await rowsOf(disk)).find(([name]) => name === key) ?? []
  if (value === undefined) throw new Error(`no record ${key}`)
  value.set([(value[at] ?? 0) ^ 1], at)
  await change(disk, [[key, value]])
}
