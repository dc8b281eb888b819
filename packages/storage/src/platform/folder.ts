import { RejoinError } from '@rejoin/base'
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Where a store lies: a path that ends in `.sqlite` or `.db` is the file itself, any other is the folder of `name`. */
export const fileIn = (folderOrFile: string, name: string): string =>
  /\.(sqlite|db)$/i.test(folderOrFile) ? resolve(folderOrFile) : join(resolve(folderOrFile), name)

/** Makes the folder, with its parents, or says in a sentence why it cannot be written. */
export function makeFolder(folder: string): void {
  try {
    make(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new RejoinError('storage-unavailable', `The folder ${folder} cannot be written: ${reasonOf(cause)}.`, {
      cause,
    })
  }
}

/** Step by step: Node's own recursive mkdir never returns in a place like /proc, and tells no one which names are new. */
function make(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  const parent = dirname(folder)
  if (parent !== folder) make(parent)
  try {
    mkdirSync(folder)
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw cause
  }
  // A file in a folder whose name is lost with the power is lost, however well it was flushed itself.
  syncFolder(parent)
}

/** Size in bytes; undefined if there is nothing. Never opens the file: closing it again would drop SQLite's locks. */
export function fileSize(file: string): number | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) throw new RejoinError('bad-config', `${file} is a folder, not a file.`)
    return found?.size
  } catch (cause) {
    if (cause instanceof RejoinError) throw cause
    throw new RejoinError('storage-unavailable', `${file} cannot be opened: ${reasonOf(cause)}.`, { cause })
  }
}

/** Flushes a file that another descriptor may have written; nothing if there is none. */
export function syncFile(file: string): void {
  if (fileSize(file) !== undefined) flush(file, 'r+')
}

/**
 * Puts a small file in its place, readable by its owner only. It lasts when this returns; a crash before leaves
 * what was there, or nothing, but never a part. One process at a time.
 */
export function placeFile(path: string, text: string): void {
  const made = `${path}.new`
  const descriptor = openSync(made, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(made, path)
  syncFolder(dirname(path))
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder to flush it, and its file system keeps names in its own journal.
  if (process.platform !== 'win32') flush(folder, 'r')
}

function flush(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOENT: 'the path does not exist',
  ENAMETOOLONG: 'the name is too long',
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return reasons[code] ?? code
}
