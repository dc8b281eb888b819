import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plan } from '../campaign/plan.ts'
import type { WrittenFile } from '../campaign/files.ts'
import { headerOf, lineOf, readLog, RunLogError } from '../campaign/run-log.ts'
import type { RunLog } from '../campaign/run-log.ts'

const fileName = 'runs.jsonl'

/** What is done of the plan in this folder, which is made if need be. Throws a RunLogError if it is of another plan. */
export function openRunFile(folder: string, plan: Plan): RunLog {
  const path = join(folder, fileName)
  const text = readFileIn(folder, path)
  const { outcomes: before, whole } = readLog(text, plan, path)
  const outcomes = [...before]
  const file = openSync(path, 'a')
  // What a crash tore goes away before anything is written behind it.
  ftruncateSync(file, Buffer.byteLength(text.slice(0, whole)))
  if (whole === 0) writeSync(file, headerOf(plan))
  return {
    outcomes,
    append: (outcome) => {
      writeSync(file, lineOf(outcome))
      outcomes.push(outcome)
    },
    close: () => {
      fsyncSync(file)
      closeSync(file)
    },
  }
}

function readFileIn(folder: string, path: string): string {
  try {
    makeFolder(folder)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  } catch (cause) {
    throw new RunLogError(
      `The folder ${folder} cannot be used (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    )
  }
}

/** `mkdirSync` with `recursive` never returns where the kernel makes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** Each is there as a whole or not at all. */
export function writeFiles(folder: string, files: readonly WrittenFile[]): void {
  for (const { name, text } of files) {
    const path = join(folder, name)
    makeFolder(dirname(path))
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
}
