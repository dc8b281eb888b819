import { firstGeneration } from '@rejoin/base'
import { realPorts, sqlite } from '@rejoin/server'
import type { LogBatch, LogRow } from '@rejoin/server'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { chainOf } from './chain.ts'
import type { Judge } from './power-cut.ts'
import { readAll } from './server-reads.ts'
import type { Reads } from './server-reads.ts'
import { differences } from './server-states.ts'

const { random } = realPorts()

/**
 * After a power cut: every commit that was answered is there, in the same epoch and with the same key; of the next one
 * all or nothing; and the log goes on.
 */
export const serverJudge =
  (batches: readonly LogBatch[], states: readonly Reads[], key: Uint8Array): Judge =>
  async (folder, acked) => {
    try {
      const { log, key: found } = await sqlite(folder).open(random)
      if (acked > 0 && Buffer.compare(found, key) !== 0) return 'tokens that were given are not known any more'
      const reads = await readAll(log)
      await log.close()
      const at = [acked, acked + 1].find((number) => sameReads(states[number], reads))
      if (at === undefined) return `${acked} commits were answered, but ${whatIs(reads, states, acked)}`
      return brokenChain(folder) ?? (await worksOn(folder, at, batches, states))
    } catch (cause) {
      return `the log cannot be used: ${String(cause)} (${readdirSync(folder).join(', ')})`
    }
  }

const sameReads = (a: Reads | undefined, b: Reads): boolean => a !== undefined && differences(a, b).length === 0

function whatIs(reads: Reads, states: readonly Reads[], acked: number): string {
  const number = states.findIndex((state) => sameReads(state, reads))
  if (number !== -1) return `the log is as it was after ${number}`
  const expected = states[acked] ?? new Map<string, string>()
  const [question = ''] = differences(expected, reads)
  return `the log answers wrongly to: ${question}: ${reads.get(question)?.slice(0, 200)}`
}

/** The next commit is taken, and is there after another opening. */
async function worksOn(
  folder: string,
  at: number,
  batches: readonly LogBatch[],
  states: readonly Reads[],
): Promise<string | undefined> {
  const next = batches[at]
  if (next === undefined) return undefined
  const { log } = await sqlite(folder).open(random)
  const done = await log.commit(next)
  await log.close()
  if (!done.ok) return `the log does not go on: ${done.error.message}`
  const again = await sqlite(folder).open(random)
  const reads = await readAll(again.log)
  await again.log.close()
  return sameReads(states[at + 1], reads)
    ? undefined
    : `after the cut one more commit was taken, but ${whatIs(reads, states, at + 1)}`
}

const encodings = ['yjs-1', 'yjs-2'] as const
const kinds = ['update', 'recovery', 'snapshot', 'fold', 'writer'] as const

/** Looks at the tables themselves: numbers without a hole, and each row's hash that of the row and the hash before. */
export function brokenChain(folder: string): string | undefined {
  const database = new DatabaseSync(join(folder, 'log.sqlite'))
  try {
    for (const space of database.prepare('SELECT number, head, hash FROM spaces').all()) {
      const problem = brokenSpace(database, space)
      if (problem !== undefined) return problem
    }
    return undefined
  } finally {
    database.close()
  }
}

type Columns = Record<string, unknown>

function brokenSpace(database: DatabaseSync, space: Columns): string | undefined {
  const number = Number(space['number'])
  const rows = database.prepare(`
    SELECT e.*, d.key, w.writer AS id FROM entries e
    LEFT JOIN documents d ON d.space = e.space AND d.number = e.document
    LEFT JOIN writers w ON w.space = e.space AND w.number = e.writer
    WHERE e.space = ?`)
  const bySeq = new Map<number, Columns>(rows.all(number).map((row) => [Number(row['seq']), row]))
  const folded = new Map(
    database
      .prepare('SELECT seq, chain FROM hashes WHERE space = ?')
      .all(number)
      .map((row) => [Number(row['seq']), hex(row['chain'])]),
  )
  let before = hex(new Uint8Array(16))
  for (let seq = 1; seq <= Number(space['head']); seq++) {
    const row = bySeq.get(seq)
    const chain = row === undefined ? folded.get(seq) : hex(row['chain'])
    if (chain === undefined) return `number ${seq} is missing`
    if (row !== undefined && folded.has(seq)) return `number ${seq} is there twice`
    if (row !== undefined && row['kind'] !== kinds.indexOf('snapshot') && chainAt(before, row) !== chain)
      return `the chain is broken at ${seq}`
    before = chain
  }
  return bySeq.size + folded.size > Number(space['head']) || before !== hex(space['hash'])
    ? 'the log reaches beyond its head'
    : undefined
}

function chainAt(before: string, row: Columns): string {
  const names = { key: String(row['key'] ?? ''), generation: firstGeneration, writer: String(row['id'] ?? '') }
  return hex(chainOf(Buffer.from(before, 'hex'), rowOf(row), names))
}

const rowOf = (row: Columns): Pick<LogRow, 'seq' | 'kind' | 'n' | 'group' | 'stamp' | 'encoding' | 'bytes'> => ({
  seq: Number(row['seq']),
  kind: kinds[Number(row['kind'])] ?? 'update',
  n: Number(row['n']),
  group: Number(row['grp']),
  stamp: Number(row['stamp']),
  encoding: encodings[Number(row['encoding'])] ?? 'yjs-1',
  bytes: bytesOf(row['bytes']),
})

const bytesOf = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array())
const hex = (value: unknown): string => Buffer.from(bytesOf(value)).toString('hex')
