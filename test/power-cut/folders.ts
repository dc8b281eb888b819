import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Files } from './disk.ts'

/** Memory rather than a disk where there is some: nothing here depends on what the real disk does. */
const base = realpathSync(existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

/** Where the workloads note what was answered. No store looks at it. */
export const acksFile = 'acks'

export const newFolder = (): string => mkdtempSync(join(base, 'rejoin-power-cut-'))

export const readFiles = (folder: string): Files =>
  new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]))

/** Gives the files to `use` in a folder of their own. */
export async function inFolderOf<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const home = newFolder()
  try {
    const folder = join(home, 'data')
    mkdirSync(folder)
    for (const [name, bytes] of files) if (name !== acksFile) writeFileSync(join(folder, name), bytes)
    return await use(folder)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

export const equalFiles = (a: Files, b: Files): boolean =>
  a.size === b.size && [...a].every(([name, bytes]) => Buffer.compare(bytes, b.get(name) ?? Buffer.of()) === 0)
