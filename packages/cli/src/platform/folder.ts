import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '../failure.ts'

/** A fresh folder for one session. */
export function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'rejoin-'))
  } catch (cause) {
    throw new Failure(`A temporary folder cannot be made in ${tmpdir()} (${codeOf(cause)}).`)
  }
}

/** The folder, made if need be, and proven to take files. */
export function writableFolder(path: string): string {
  const folder = resolve(path)
  const probe = join(folder, `.rejoin-probe-${process.pid}`)
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
    writeFileSync(probe, '')
    rmSync(probe)
    return folder
  } catch (cause) {
    throw new Failure(`The folder ${path} cannot be written (${codeOf(cause)}).`)
  }
}

/** `mkdirSync` with `recursive` never returns where the kernel makes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

export function emptyFolder(path: string): string {
  const folder = writableFolder(path)
  if (readdirSync(folder).length > 0)
    throw new Failure(`The folder ${path} is not empty; give a new one to keep the session in.`)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
