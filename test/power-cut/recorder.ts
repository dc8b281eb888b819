import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Files } from './disk.ts'
import { newFolder, readFiles } from './folders.ts'
import { parseJournal } from './journal.ts'
import type { FileEvent } from './journal.ts'

/** Why nothing can be recorded here; undefined if it can. */
export function cannotRecord(): string | undefined {
  if (process.platform !== 'linux') return 'Only on Linux can the calls of a process be recorded this way.'
  return spawnSync('cc', ['--version']).status === 0
    ? undefined
    : 'There is no C compiler (cc) to build the recorder with.'
}

export interface Recording {
  readonly events: readonly FileEvent[]
  /** The folder as it really was at the end, to compare. */
  readonly files: Files
}

/** Runs processes, one after the other, on a new folder, and records what they asked of the file system. */
export function record(lives: readonly (readonly string[])[]): Recording {
  const home = newFolder()
  try {
    const folder = join(home, 'data')
    mkdirSync(folder)
    const library = build(home)
    const journal = join(home, 'journal')
    for (const [workload = '', ...rest] of lives) {
      const script = fileURLToPath(new URL(workload, import.meta.url))
      const { status, signal, stderr } = spawnSync(process.execPath, [script, folder, ...rest], {
        env: { ...process.env, LD_PRELOAD: library, POWER_CUT_FOLDER: folder, POWER_CUT_JOURNAL: journal },
        encoding: 'utf8',
      })
      if (status !== 0 && signal !== 'SIGKILL') throw new Error(`${workload} ended with ${status}: ${stderr}`)
    }
    return { events: parseJournal(readFileSync(journal)), files: readFiles(folder) }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function build(home: string): string {
  const library = join(home, 'recorder.so')
  const source = fileURLToPath(new URL('recorder.c', import.meta.url))
  const { status, stderr } = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The recorder does not compile: ${stderr}`)
  return library
}
