import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseResult } from './result.ts'
import type { RunResult } from './result.ts'

/** Before anything is measured: it would be a pity afterwards. */
export function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    rmSync(mkdtempSync(join(folder, '.probe-')), { recursive: true })
  } catch (cause) {
    throw new Error(`The folder ${folder} cannot be written to`, { cause })
  }
}

/** Each file whole or as it was. */
export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name)
      writeFileSync(`${file}.part`, text)
      renameSync(`${file}.part`, file)
    }
  } catch (cause) {
    throw new Error(`The folder ${folder} cannot be written to`, { cause })
  }
}

export function readResult(file: string): RunResult {
  try {
    return parseResult(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error(`${file} is no result of the benchmarks (a result.json of --out)`, { cause })
  }
}
