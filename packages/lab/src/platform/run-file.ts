import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plan } from '../campaign/plan.ts'
import type { WrittenFile } from '../campaign/files.ts'
import { headerOf, lineOf, readLog, RunLogError } from '../campaign/run-log.ts'
import type { RunLog } from '../campaign/run-log.ts'
import { isFull, whyNot } from '../campaign/why-not.ts'
import { lockFolder, lockName } from './folder-lock.ts'

const fileName = 'runs.jsonl'

/**
 * What is done of the plan in this folder, which is made if need be and is this campaign's alone until the log is closed.
 * Throws a RunLogError if it is of another plan, of somebody else, in use, or cannot be used.
 */
export function openRunFile(folder: string, plan: Plan): RunLog {
  const unlock = usable(folder, () => {
    makeFolder(folder)
    refuseOthers(folder)
    return lockFolder(folder)
  })
  try {
    return openLocked(folder, plan, unlock)
  } catch (cause) {
    unlock()
    throw cause
  }
}

function openLocked(folder: string, plan: Plan, unlock: () => void): RunLog {
  const path = join(folder, fileName)
  const text = usable(path, () => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
  const { outcomes: before, whole } = readLog(text, plan, path)
  const outcomes = [...before]
  const file = usable(path, () => openSync(path, 'a'))
  written(path, () => {
    // What a crash tore goes away before anything is written behind it.
    ftruncateSync(file, Buffer.byteLength(text.slice(0, whole)))
    if (whole === 0) writeWhole(file, headerOf(plan))
  })
  return {
    outcomes,
    append: (outcome) => {
      written(path, () => writeWhole(file, lineOf(outcome)))
      outcomes.push(outcome)
    },
    close: () => {
      try {
        written(path, () => fsyncSync(file))
      } finally {
        closeSync(file)
        unlock()
      }
    },
  }
}

/** A folder that was there for something else keeps what it has. */
function refuseOthers(folder: string): void {
  const names = readdirSync(folder).filter((name) => !name.startsWith(lockName))
  if (names.length > 0 && !names.includes(fileName))
    throw new RunLogError(
      `The folder ${folder} has files of something else, and no ${fileName}; give one that is new, empty or of the lab.`,
    )
}

/** Where the disk is nearly full, less is written than is given. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}

function usable<T>(path: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof RunLogError) throw cause
    const mend = isFull(cause) ? 'make room on it' : 'give another folder'
    throw new RunLogError(`${path} cannot be used: ${whyNot(cause)}; ${mend}.`, { cause })
  }
}

function written(path: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw new RunLogError(
      `${path} cannot be written: ${whyNot(cause)}; ${mendOf(cause)}, and the same command goes on.`,
      {
        cause,
      },
    )
  }
}

const mendOf = (cause: unknown): string => (isFull(cause) ? 'make room' : 'mend that')

/** `mkdirSync` with `recursive` never returns where the kernel makes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  if (!existsSync(folder)) makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (cause) {
    // Another command may have made it in the meantime.
    if (!isFolder(folder)) throw cause
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Each is there as a whole or not at all. Throws a RunLogError. */
export function writeFiles(folder: string, files: readonly WrittenFile[]): void {
  for (const { name, text } of files) {
    const path = join(folder, name)
    const fresh = `${path}.new`
    written(path, () => {
      makeFolder(dirname(path))
      try {
        writeFileSync(fresh, text)
        renameSync(fresh, path)
      } catch (cause) {
        rmSync(fresh, { force: true })
        throw cause
      }
    })
  }
}
