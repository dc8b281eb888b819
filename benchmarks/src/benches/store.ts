import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { sqliteStore } from '@rejoin/storage/sqlite'
import type { Row, Store } from '@rejoin/storage'
import type { Bench, BenchOptions, Case, Contestant } from '../bench.ts'

/** Durable commits of a replica's rows: the store port beside SQLite with the same pragmas and the same rows. */
export const store: Bench = {
  name: 'store',
  about: 'durable commits through the store port, beside bare SQLite with the same rows',
  prepare: async (options) => {
    const commits = options.quick ? 20 : 200
    const cases: Case[] = []
    for (const rowsEach of [1, 10, 100, 1000]) cases.push(await commitCase(rowsEach, commits, options))
    return cases
  },
}

async function commitCase(rowsEach: number, commitsMax: number, options: BenchOptions): Promise<Case> {
  const commits = Math.max(5, Math.ceil(commitsMax / Math.sqrt(rowsEach)))
  const rows = tailRows(rowsEach * commits, options)
  const bare = openBare(join(options.folder, `bare-${rowsEach}.sqlite`))
  const ours = await sqliteStore(join(options.folder, `ours-${rowsEach}.sqlite`))
  return {
    name: `${rowsEach} rows a commit`,
    count: commits,
    unit: 'commits',
    contestants: [bareContestant(bare, rows, rowsEach), ourContestant(ours, rows, rowsEach)],
    dispose: async () => {
      bare.close()
      await ours.close()
    },
  }
}

/** Keys as documents' tails have them: a few documents, ascending numbers. Values of 40 to 200 bytes. */
function tailRows(count: number, { random }: BenchOptions): Row[] {
  const entities = Array.from({ length: 8 }, () => random.word(20))
  return Array.from({ length: count }, (_, i) => {
    const key = `tail/notes/${entities[i % entities.length]}/shared/body/${String(i).padStart(12, '0')}`
    return [key, random.bytes(40 + random.integer(161))] as const
  })
}

/** Every run writes the same rows under keys of its own, so that both files grow alike. */
const ofRun = (rows: readonly Row[], run: number): Row[] =>
  rows.map(([key, value]) => [`${run}/${key}`, value] as const)

function bareContestant(database: DatabaseSync, rows: readonly Row[], rowsEach: number): Contestant {
  const put = database.prepare('INSERT INTO kv (key, value) VALUES (?, ?)')
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const select = database.prepare('SELECT key, value FROM kv WHERE key >= ? AND key < ? ORDER BY key')
  let runs = 0
  let next: readonly Row[] = []
  return {
    name: 'bare SQLite',
    role: 'limit',
    before: () => {
      next = ofRun(rows, ++runs)
    },
    run: () => {
      for (let i = 0; i < next.length; i += rowsEach) {
        begin.run()
        for (const [key, value] of next.slice(i, i + rowsEach)) put.run(key, value)
        commit.run()
      }
      return `${runs}/`
    },
    verify: (prefix) => same(bareRows(select, String(prefix)), rows),
  }
}

const bareRows = (select: StatementSync, prefix: string): Row[] =>
  select.all(prefix, after(prefix)).map((row) => [String(row['key']), row['value'] as Uint8Array] as const)

function ourContestant(ours: Store, rows: readonly Row[], rowsEach: number): Contestant {
  let runs = 0
  let next: readonly Row[] = []
  return {
    name: 'sqliteStore',
    role: 'subject',
    before: () => {
      next = ofRun(rows, ++runs)
    },
    run: async () => {
      for (let i = 0; i < next.length; i += rowsEach) {
        const result = await ours.commit({ put: next.slice(i, i + rowsEach) })
        assert.ok(result.ok)
      }
      return `${runs}/`
    },
    verify: async (prefix) => same(await ours.scan({ from: String(prefix), to: after(String(prefix)) }), rows),
  }
}

/** The first string that does not begin with a prefix of digits and a slash. */
const after = (prefix: string): string => `${prefix.slice(0, -1)}0`

function same(found: readonly Row[], rows: readonly Row[]): void {
  const wanted = rows.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => Buffer.from(value))
  assert.deepEqual(
    found.map(([, value]) => Buffer.from(value)),
    wanted,
  )
}

/** What `openDurable` of the storage package sets, in its own words. */
function openBare(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 512;
    CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
  `)
  return database
}
