import { firstGeneration, noStamp, userId } from '@rejoin/base'
import type { Entry } from '@rejoin/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from './answer.ts'
import { chainAfter } from './chain.ts'
import { emptySpace, noEpoch, noHash } from './log/records.ts'
import { Plan } from './plan.ts'
import type { Loaded } from './plan.ts'
import { hashes } from './platform/ports.ts'
import { address } from './testing/peer.ts'
import { keyOf, refOf, row, writerOf, writerRecord } from './testing/samples.ts'

const nothing: Loaded = {
  record: emptySpace,
  documents: new Map(),
  writers: new Map(),
  users: new Map(),
  clientIds: new Map(),
  refusals: new Map(),
}
const options = {
  hashes,
  nowMs: 0,
  stampAheadMsMax: Infinity,
  entryBytesMax: 100,
  writerRunsMax: 10,
  engineOf: () => 'yjs',
  newEpoch: () => 'e'.repeat(32),
}
const plan = (loaded: Partial<Loaded> = {}): Plan => new Plan(refOf('s'), { ...nothing, ...loaded }, options)

const entry = (writer: number, n: number, more: Partial<Entry> = {}): Entry => ({
  id: { writer: writerOf(writer), n },
  kind: 'update',
  document: address(`n${n % 3}`),
  generation: firstGeneration,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp: noStamp,
  encoding: 'yjs-1',
  bytes: Uint8Array.of(writer, n),
  ...more,
})

const decide = (on: Plan, ...entries: readonly [Entry, ...Entry[]]): Answer[] =>
  on.decide({ writer: entries[0].id.writer, user: userId('ada'), role: 'editor', clientIds: [], entries })

const group = (first: number, size: number, more: Partial<Entry> = {}): [Entry, ...Entry[]] => [
  entry(1, first, { group: first, groupSize: size }),
  ...Array.from({ length: size - 1 }, (_, i) => entry(1, first + 1 + i, { group: first, groupSize: size, ...more })),
]

describe('plan', () => {
  test('[SE31] rows take numbers without a hole in the order of decision, whatever is refused between', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ writer: fc.integer({ min: 1, max: 3 }), n: fc.integer({ min: 1, max: 9 }), bad: fc.boolean() }),
          { maxLength: 30 },
        ),
        (entries) => {
          const on = plan()
          for (const { writer, n, bad } of entries)
            decide(on, entry(writer, n, bad ? { bytes: new Uint8Array(101) } : {}))
          const planned = on.finish()
          const rows = planned?.rows ?? []
          expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1))
          expect(planned?.commit.record.head ?? 0).toBe(rows.length)
          const ids = rows.filter(({ kind }) => kind === 'update').map(({ writer, n }) => `${writer}/${n}`)
          expect(new Set(ids).size).toBe(ids.length)
        },
      ),
    )
  })

  test('[SE32] the first accepted entry of a writer logs whose it is, once, under a number of its own', () => {
    const on = plan()
    expect(decide(on, entry(1, 1, { bytes: new Uint8Array(0) }))).toMatchObject([{ kind: 'refused' }])
    expect(decide(on, entry(1, 2))).toEqual([{ kind: 'accepted', n: 2 }])
    decide(on, entry(1, 3))
    const { rows, writers } = on.finish() ?? { rows: [], writers: [] }
    expect(rows.map(({ kind, n }) => [kind, n])).toEqual([
      ['writer', 0],
      ['update', 2],
      ['update', 3],
    ])
    expect(new TextDecoder().decode(rows[0]?.bytes)).toBe('ada')
    expect(writers).toMatchObject([{ user: 'ada', logged: true, accepted: [2, 3], refused: [1, 1] }])
  })

  test('[SE33] a group is admitted whole or refused whole, and each member hears who is to blame', () => {
    const on = plan()
    expect(decide(on, ...group(1, 3, { bytes: new Uint8Array(101) }))).toMatchObject([
      { kind: 'refused', n: 1, refused: { kind: 'too-large', message: expect.stringContaining('because of entry 2') } },
      { kind: 'refused', n: 2, refused: { kind: 'too-large', message: expect.not.stringContaining('because of') } },
      { kind: 'refused', n: 3, refused: { kind: 'too-large' } },
    ])
    expect(on.finish()?.rows).toEqual([])
    expect(decide(on, ...group(4, 2)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted'])
  })

  test('[SE34] a gap leaves no trace: the same entry is decided anew when it comes again', () => {
    const on = plan()
    const late = entry(1, 2, { after: { writer: writerOf(1), n: 1 } })
    expect(decide(on, late)).toEqual([{ kind: 'retry', n: 2, reason: 'gap' }])
    expect(on.finish()).toBeUndefined()
    decide(on, entry(1, 1))
    expect(decide(on, late)).toEqual([{ kind: 'accepted', n: 2 }])
  })

  test('[SE35] a resend gets the stored answer, in the same commit too, and nothing is written twice', () => {
    const on = plan()
    decide(on, entry(1, 1))
    decide(on, entry(1, 2, { bytes: new Uint8Array(0) }))
    expect(decide(on, entry(1, 1))).toEqual([{ kind: 'accepted', n: 1 }])
    expect(decide(on, entry(1, 2, { bytes: new Uint8Array(0) }))).toMatchObject([
      { kind: 'refused', refused: { kind: 'undecodable', message: 'The entry has no bytes.' } },
    ])
    expect(on.finish()?.rows).toHaveLength(2)
  })

  test('[SE36] nothing is noted under the name of a writer for another user', () => {
    const on = plan({ users: new Map([[writerOf(1), userId('bob')]]) })
    expect(decide(on, entry(1, 1))).toMatchObject([{ kind: 'refused', refused: { kind: 'forbidden' } }])
    for (const user of ['ada', 'bob'])
      expect(on.ask(writerOf(1), userId(user), [1, 1])).toEqual({
        accepted: [],
        unknown: [1, 1],
        refused: [],
        rest: [],
      })
    expect(on.finish()).toBeUndefined()
  })

  test('[SE38] the entity is there from its first accepted entry on, within the commit; a refused one makes nothing', () => {
    const on = plan()
    const body = (n: number, entity: string): Entry => entry(1, n, { document: address(entity, 'body') })
    const root = (n: number, entity: string, more: Partial<Entry> = {}): Entry =>
      entry(1, n, { document: address(entity), ...more })
    decide(on, root(1, 'a'))
    expect(decide(on, body(2, 'a'))).toEqual([{ kind: 'accepted', n: 2 }])
    expect(decide(on, root(3, 'b', { bytes: new Uint8Array(101) }))).toMatchObject([{ refused: { kind: 'too-large' } }])
    expect(decide(on, body(4, 'b'))).toEqual([{ kind: 'retry', n: 4, reason: 'gap' }])
    expect(decide(on, root(5, 'b'))).toEqual([{ kind: 'accepted', n: 5 }])
    expect(decide(on, body(6, 'b'))).toEqual([{ kind: 'accepted', n: 6 }])
    expect(decide(on, body(4, 'b'))).toEqual([{ kind: 'accepted', n: 4 }])
    const { rows } = on.finish() ?? { rows: [] }
    expect(rows.filter(({ kind }) => kind === 'update').map(({ n }) => n)).toEqual([1, 2, 5, 6, 4])
  })

  test('[SE39] a number that would open a run beyond writerRunsMax is not decided; one that joins runs is', () => {
    const loaded = writerRecord(1, { accepted: [1, 1, 3, 3, 5, 5, 7, 7, 9, 9], refused: [2, 2, 4, 4, 6, 6, 8, 8] })
    const on = plan({ writers: new Map([[writerOf(1), loaded]]), record: { ...emptySpace, writers: 1 } })
    expect(decide(on, entry(1, 11))).toMatchObject([{ kind: 'accepted' }])
    expect(decide(on, entry(1, 13))).toEqual([{ kind: 'retry', n: 13, reason: 'rate-limited' }])
    expect(decide(on, entry(1, 13, { bytes: new Uint8Array(0) }))).toMatchObject([{ reason: 'rate-limited' }])
    expect(decide(on, ...group(20, 3))).toMatchObject([20, 21, 22].map((n) => ({ n, reason: 'rate-limited' })))
    expect(decide(on, entry(1, 10)), 'joins two runs').toMatchObject([{ kind: 'accepted' }])
    expect(decide(on, ...group(20, 3)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(decide(on, entry(2, 1)), 'another writer').toMatchObject([{ kind: 'accepted' }])
    expect(loaded.accepted, 'what was loaded stays as it was').toHaveLength(10)
    expect(on.finish()?.writers[0]?.accepted).toEqual([1, 1, 3, 3, 5, 5, 7, 7, 9, 11, 20, 22])
  })

  test('[SE37] the first commit of a space draws its epoch', () => {
    const on = plan()
    expect(nothing.record.epoch).toBe(noEpoch)
    decide(on, entry(1, 1))
    expect(on.finish()?.commit.record.epoch).toBe('e'.repeat(32))
  })
})

describe('chain', () => {
  const names = { key: keyOf('a'), generation: firstGeneration, writer: writerOf(1) }

  test('[SE50] everything a row says moves the chain, and so does what came before', () => {
    const base = row(1)
    const at = (more: Partial<typeof base>, other: Partial<typeof names> = {}, previous = noHash): string =>
      chainAfter(hashes, previous, { ...base, ...more }, { ...names, ...other }).join()
    const variants = [
      at({}),
      at({ seq: 2 }),
      at({ kind: 'recovery' }),
      at({ n: 2 }),
      at({ group: 1 }),
      at({ stamp: 1 }),
      at({ encoding: 'yjs-2' }),
      at({ bytes: Uint8Array.of(9) }),
      at({}, { key: keyOf('b') }),
      at({}, { writer: writerOf(2) }),
      at({}, { generation: { number: 1, id: 'a'.repeat(32) } }),
      at({}, {}, new Uint8Array(16).fill(1)),
    ]
    expect(new Set(variants).size).toBe(variants.length)
    expect(at({})).toBe(variants[0])
  })
})
