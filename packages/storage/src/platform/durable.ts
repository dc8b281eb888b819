import { RejoinError } from '@rejoin/base'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy, rethrow } from './failure.ts'
import { fileSize, makeFolder, syncFile } from './folder.ts'

export type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Whose file it is and which layout it has; written into a new file, compared on every later open. */
export interface DurableFormat {
  /** For people: `Rejoin replica`. */
  readonly name: string
  /** SQLite's application_id: a positive 31-bit number that no other kind of file uses. */
  readonly id: number
  /** SQLite's user_version, from 1. */
  readonly version: number
  /** The SQL that makes an empty file one of this format. */
  readonly schema: string
}

export interface DurableOptions {
  /** The most memory for pages, in bytes; 8 MiB if left out. */
  readonly cacheBytes?: number
  /** The file may not grow past this; a commit that would is refused as `storage-full`. No limit if left out. */
  readonly fileBytesMax?: number
  /** Left out, the file may be any SQLite database. */
  readonly format?: DurableFormat
}

/** Below this a writer that starts over the log while a checkpoint runs may damage the file (sqlite.org/wal.html). */
const versionMin = [3, 51, 3] as const
/** Rows of 1 kB stay inside the page: with 4 KiB pages each needs an overflow page of its own, four times the bytes. */
const newPageBytes = 8192
/** The log is copied into the file when it has grown by this: bounds recovery after a crash and the space it takes. */
const checkpointBytes = 4 * 2 ** 20
/** What one huge commit made the log grow to is given back down to this. */
const logBytesKept = 32 * 2 ** 20
const cacheBytesDefault = 8 * 2 ** 20
/** SQLite answers nothing in a file shorter than this; it would take such a file for an empty one and write over it. */
const fileBytesMin = 512
/** Two processes that open at the same moment can both find the other in the way: tries, and milliseconds between. */
const openTries = 3
const openPauseMs = 30

/**
 * The one durable open: a commit that returned is on the disk. WAL, `synchronous=FULL` and the exclusive lock are
 * set and read back. The lock is one of the operating system, so it ends with the process, however that ends.
 * While it is open, nothing in this process may open and close the same file by other means (POSIX drops the lock).
 * Throws `storage-unavailable`, `storage-full`, `storage-corrupt` or `bad-config`.
 */
export function openDurable(file: string, options: DurableOptions = {}): DatabaseSync {
  const path = resolve(file)
  makeFolder(dirname(path))
  checkSize(path)
  for (let attempt = 1; ; attempt++) {
    try {
      return open(path, options)
    } catch (cause) {
      if (!isBusy(cause) || attempt === openTries) rethrow(cause, path)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, openPauseMs * (0.5 + Math.random()))
    }
  }
}

function checkSize(path: string): void {
  const size = fileSize(path)
  if (size !== undefined && size > 0 && size < fileBytesMin)
    throw new RejoinError('storage-corrupt', `${path} is not a SQLite database; it was left as it is.`)
  // The log is made when the file has its first page, and SQLite would throw it away: it may be all that is left.
  if ((size ?? 0) === 0 && (fileSize(`${path}-wal`) ?? 0) > 0)
    throw new RejoinError('storage-corrupt', `${path} is gone or empty, but its log is there; all was left as it is.`, {
      hint: `Put back the file from a copy, or remove ${path}-wal to begin with nothing.`,
    })
}

function open(path: string, options: DurableOptions): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0, enableDoubleQuotedStringLiterals: false })
  try {
    // Before anything that reads, as even asking for the version does: then the log's index lives in this process
    // instead of a shared file. The lock that the empty transaction takes is held until the close.
    expectPragma(database, path, 'locking_mode', 'exclusive')
    database.exec(`PRAGMA page_size=${newPageBytes}; BEGIN EXCLUSIVE; COMMIT`)
    checkVersion(database)
    const isNew = checkFormat(database, path, options.format)
    expectPragma(database, path, 'journal_mode', 'wal')
    setUp(database, path, options)
    if (isNew && options.format !== undefined) create(database, options.format)
    // A killed process may have left a commit in the log that the device has not; what is read from now on must last.
    syncFile(`${path}-wal`)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

function checkVersion(database: DatabaseSync): void {
  const text = String(valueOf(database, 'SELECT sqlite_version()'))
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number)
  const [majorMin, minorMin, patchMin] = versionMin
  const enough = major !== majorMin ? major > majorMin : minor !== minorMin ? minor > minorMin : patch >= patchMin
  if (!enough)
    throw new RejoinError(
      'bad-config',
      `SQLite ${text} can damage files; ${versionMin.join('.')} or later is needed: update Node.js.`,
    )
}

function checkFormat(database: DatabaseSync, path: string, format: DurableFormat | undefined): boolean {
  const id = valueOf(database, 'PRAGMA application_id')
  const version = Number(valueOf(database, 'PRAGMA user_version'))
  const isNew = id === 0 && version === 0 && valueOf(database, 'SELECT count(*) FROM sqlite_schema') === 0
  if (isNew || format === undefined) return isNew
  if (id !== format.id)
    throw new RejoinError('bad-config', `${path} is a SQLite database, but no ${format.name}; it was left as it is.`)
  if (version > format.version)
    throw new RejoinError(
      'storage-unavailable',
      `${path} was written by a newer version (format ${version}, this one reads ${format.version}); it was left as it is.`,
      {
        hint: 'Update this program, then open it again.',
      },
    )
  if (version < format.version)
    throw new RejoinError(
      'storage-unavailable',
      `${path} has the old format ${version}; this version reads ${format.version} only.`,
    )
  if (layoutOf(database) !== layoutAsMade(format))
    throw new RejoinError('storage-corrupt', `${path} is damaged: its tables are not as they were made.`)
  return false
}

/** A bit that turns over in the text of the schema can rename a column, or take a constraint away. */
const layoutOf = (database: DatabaseSync): string =>
  JSON.stringify(database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all())

function layoutAsMade(format: DurableFormat): string {
  const database = new DatabaseSync(':memory:')
  try {
    database.exec(format.schema)
    return layoutOf(database)
  } finally {
    database.close()
  }
}

function setUp(database: DatabaseSync, path: string, options: DurableOptions): void {
  expectPragma(database, path, 'synchronous', 2, 'FULL')
  const page = Number(valueOf(database, 'PRAGMA page_size'))
  const cacheKib = Math.max(64, Math.ceil((options.cacheBytes ?? cacheBytesDefault) / 1024))
  database.exec(`
    PRAGMA fullfsync=ON;
    PRAGMA trusted_schema=OFF;
    PRAGMA mmap_size=0;
    PRAGMA cache_size=-${cacheKib};
    PRAGMA wal_autocheckpoint=${Math.ceil(checkpointBytes / page)};
    PRAGMA journal_size_limit=${logBytesKept};
  `)
  if (options.fileBytesMax !== undefined)
    database.exec(`PRAGMA max_page_count=${Math.max(1, Math.floor(options.fileBytesMax / page))}`)
}

function create(database: DatabaseSync, format: DurableFormat): void {
  database.exec(
    `BEGIN; ${format.schema}; PRAGMA application_id=${format.id}; PRAGMA user_version=${format.version}; COMMIT`,
  )
}

/** Sets, reads back, and refuses to go on if SQLite did not obey. */
function expectPragma(
  database: DatabaseSync,
  path: string,
  name: string,
  wanted: string | number,
  setting: string | number = wanted,
): void {
  database.exec(`PRAGMA ${name}=${setting}`)
  const found = valueOf(database, `PRAGMA ${name}`)
  if (found !== wanted)
    throw new RejoinError(
      'storage-unavailable',
      `${path} cannot be opened durably: ${name} is ${String(found)}, not ${wanted}.`,
    )
}

function valueOf(database: DatabaseSync, sql: string): unknown {
  const row = database.prepare(sql).get()
  return row === undefined ? undefined : Object.values(row)[0]
}
