import type { LogBatch } from '@rejoin/server'
import { describe, expect, test } from 'vitest'
import type { EngineName } from '../world/app.ts'
import type { Bytes } from './bare/bare.ts'
import { writers } from './bare/writers.test.helper.ts'
import { Tape } from './tape.ts'

type Commit = LogBatch['spaces'][number]
type Row = NonNullable<Commit['rows']>[number]

const row = (seq: number, kind: Row['kind'], bytes: Bytes, n = seq) =>
  ({ ...bytes, seq, kind, document: 1, writer: 1, n }) as unknown as Row

const batchOf = (commit: Partial<Commit>) =>
  ({
    spaces: [
      {
        ref: { space: 'earth' },
        documents: [{ number: 1, key: 'notes/n1/shared/body' }],
        writers: [{ number: 1, writer: 'w' }],
        ...commit,
      },
    ],
  }) as unknown as LogBatch

const tags = (sentences: readonly string[]): readonly string[] =>
  sentences.map((sentence) => sentence.slice(0, sentence.indexOf(']') + 1))

describe.each(Object.keys(writers) as EngineName[])('a log in %s', (engine) => {
  const writer = writers[engine]
  /** An entry that types one letter. */
  const typing = (typist: ReturnType<typeof writer>, seq: number, n = seq): Row =>
    row(seq, 'update', typist.type(0, 'x'), n)

  test('[SI14] that goes on number by number, with each id once, is right', () => {
    const typist = writer()
    const tape = new Tape()
    expect(tape.record(batchOf({ rows: [typing(typist, 1), typing(typist, 2)] }))).toEqual([])
    expect(tape.record(batchOf({ rows: [typing(typist, 3)] }))).toEqual([])
    expect(tape.rows('earth').map(({ document, writer }) => `${document} ${writer}`)).toEqual(
      Array.from({ length: 3 }, () => 'notes/n1/shared/body w'),
    )
  })

  test('[SI14] with a hole, or an id that comes twice, is found when that is committed', () => {
    const typist = writer()
    expect(tags(new Tape().record(batchOf({ rows: [typing(typist, 1), typing(typist, 3)] })))).toEqual(['[I5]'])
    const tape = new Tape()
    tape.record(batchOf({ rows: [typing(typist, 1)] }))
    expect(tags(tape.record(batchOf({ rows: [typing(typist, 2, 1)] })))).toEqual(['[I4]'])
  })

  test('[SI14] with a snapshot that is what its rows make is right; one that lacks or has more is found', () => {
    const typist = writer()
    const rows = [typing(typist, 1), typing(typist, 2)]
    const wrongWith = (bytes: Bytes): readonly string[] => {
      const tape = new Tape()
      tape.record(batchOf({ rows }))
      return tags(tape.record(batchOf({ folds: [{ document: 1, snapshot: row(2, 'snapshot', bytes, 0) }] })))
    }
    expect(wrongWith(typist.snapshot())).toEqual([])
    expect(wrongWith(rows[0] ?? typist.snapshot())).toEqual(['[I14]'])
    const [stranger, other] = [writer(), engine === 'yjs' ? 'automerge' : 'yjs'] as const
    stranger.type(0, 'xx')
    expect(wrongWith(stranger.snapshot())).toEqual(['[I14]'])
    const foreign = writers[other]()
    foreign.type(0, 'xx')
    expect(wrongWith(foreign.snapshot())).toEqual(['[I14]'])
    typist.type(0, 'more')
    expect(wrongWith(typist.snapshot())).toEqual(['[I14]'])
  })
})
