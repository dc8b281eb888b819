import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Calls fail here, not devices: a folder in memory, where there is one, saves thousands of flushes. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder of its own for a real database, gone after the task. */
export async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(place, 'rejoin-nth-call-'))
  try {
    return await task(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
