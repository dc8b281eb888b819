import { RejoinError } from '@rejoin/base'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { rethrow } from './failure.ts'
import { fileSize } from './folder.ts'

/**
 * Refuses a file whose log (SQLite's WAL) is damaged before its last commit. SQLite takes the first frame that does
 * not fit for the end of the log, and would drop every commit from there on without a word: that is right for the
 * last one, which a crash may have cut, but each of the others was on the disk before the next one was begun.
 * Damage to the last commit cannot be told from a commit that was never answered.
 */
export function refuseDamagedLog(file: string): void {
  if (!isDamaged(`${file}-wal`)) return
  expectUnlocked(file)
  // Whoever wrote it a moment ago may have closed it meanwhile.
  if (!isDamaged(`${file}-wal`)) return
  throw new RejoinError('storage-corrupt', `The log ${file}-wal is damaged; all was left as it is.`, {
    hint: `Keep a copy of the folder. Without ${file}-wal the file opens as it was before the log: what was written later is lost here.`,
  })
}

/** A log that is being written to is not to be judged. A reader that cannot write leaves the log where it is. */
function expectUnlocked(file: string): void {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 0 })
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get()
    } finally {
      database.close()
    }
  } catch (cause) {
    rethrow(cause, file)
  }
}

// https://sqlite.org/fileformat2.html#walformat: numbers are big-endian, checksums run over words of the order in the magic number.
const headerBytes = 32
const frameHeadBytes = 24
const magic = 0x377f0682 + (endianness() === 'BE' ? 1 : 0)

interface Sum {
  readonly first: number
  readonly second: number
}

function isDamaged(path: string): boolean {
  if ((fileSize(path) ?? 0) < headerBytes + frameHeadBytes) return false
  const descriptor = openSync(path, 'r')
  try {
    return isDamagedLog(descriptor, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

function isDamagedLog(descriptor: number, size: number): boolean {
  const head = read(descriptor, headerBytes + frameHeadBytes, 0)
  const saltOf = (at: number): readonly number[] => [head.getUint32(at), head.getUint32(at + 4)]
  const salt = saltOf(16)
  const isHeaderSound =
    head.getUint32(0) === magic && same(sumOf({ first: 0, second: 0 }, words(head, 0, 24)), sumAt(head, 24))
  // The header is on the disk before the first frame is written; a newer one has another salt than the frames it voids.
  if (!isHeaderSound) return saltOf(headerBytes + 8).some((part, i) => part === salt[i])
  return hasCommitBehindDamage(descriptor, size, head.getUint32(8), salt, sumAt(head, 24))
}

/** Each frame is checked on the one before it as it stands, so that the log can be followed beyond the damage. */
function hasCommitBehindDamage(
  descriptor: number,
  size: number,
  page: number,
  salt: readonly number[],
  begin: Sum,
): boolean {
  let before = begin
  let isSound = true
  let followsCommit = false
  for (let at = headerBytes; at + frameHeadBytes + page <= size; at += frameHeadBytes + page) {
    const frame = read(descriptor, frameHeadBytes + page, at)
    const stored = sumAt(frame, 16)
    const isOfThisLog = frame.getUint32(8) === salt[0] && frame.getUint32(12) === salt[1]
    const summed = sumOf(sumOf(before, words(frame, 0, 8)), words(frame, frameHeadBytes, page))
    const fits = isOfThisLog && same(summed, stored)
    if (!isSound && fits && followsCommit) return true
    isSound &&= fits
    followsCommit = isOfThisLog && frame.getUint32(4) !== 0
    before = stored
  }
  return false
}

function read(descriptor: number, count: number, at: number): DataView {
  const view = new DataView(new ArrayBuffer(count))
  readSync(descriptor, view, 0, count, at)
  return view
}

const words = (view: DataView, at: number, count: number): Uint32Array => new Uint32Array(view.buffer, at, count / 4)

const sumAt = (view: DataView, at: number): Sum => ({ first: view.getUint32(at), second: view.getUint32(at + 4) })

const same = (a: Sum, b: Sum): boolean => a.first === b.first && a.second === b.second

function sumOf({ first, second }: Sum, values: Uint32Array): Sum {
  for (let i = 0; i + 1 < values.length; i += 2) {
    first = (first + (values[i] ?? 0) + second) >>> 0
    second = (second + (values[i + 1] ?? 0) + first) >>> 0
  }
  return { first, second }
}
