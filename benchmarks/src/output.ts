import { whyNot } from '@rejoin/lab/campaign'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { parseResult } from './result.ts'
import type { RunResult } from './result.ts'

/** A file or folder that cannot be used; the message says all that the cause does, in words for people. */
export class PathError extends Error {}

/** Before anything is measured: it would be a pity afterwards. What is not ours stays as it is. */
export function makeWritable(folder: string): void {
  rmSync(makeFolderIn(folder, '.probe-'), { recursive: true })
  const names = readdirSync(folder)
  if (names.length > 0 && !names.some((name) => name.startsWith('result.json')))
    throw new PathError(
      `The folder ${folder} has files of something else, and no result.json; give one that is new, empty or of the benchmarks.`,
    )
}

/** An empty one in the folder, which is made if need be. */
export function makeFolderIn(folder: string, prefix: string): string {
  try {
    makeFolder(folder)
    return mkdtempSync(join(folder, prefix))
  } catch (cause) {
    throw new PathError(`The folder ${folder} cannot be written to: ${whyNot(cause)}; give another one.`, { cause })
  }
}

/** `mkdirSync` with `recursive` never returns where the kernel makes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (!existsSync(folder)) makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** Each file whole or as it was. */
export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name)
    try {
      writeFileSync(`${file}.part`, text)
      renameSync(`${file}.part`, file)
    } catch (cause) {
      rmSync(`${file}.part`, { force: true })
      throw new PathError(`${file} cannot be written: ${whyNot(cause)}.`, { cause })
    }
  }
}

export function readResult(file: string): RunResult {
  const text = textOf(file)
  try {
    return parseResult(text)
  } catch (cause) {
    throw new Error(`${file} is no result of the benchmarks (a result.json of --out)`, { cause })
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PathError(`There is no file ${file}; give the result.json of a folder of --out.`, { cause })
    throw new PathError(`${file} cannot be read: ${whyNot(cause)}; give the result.json of a folder of --out.`, {
      cause,
    })
  }
}
