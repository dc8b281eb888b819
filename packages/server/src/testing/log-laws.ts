import { RejoinError, userId } from '@rejoin/base'
import { expect } from 'vitest'
import type { OpenedStore } from '../log/factory.ts'
import { emptySpace } from '../log/records.ts'
import { foldedHashesMax } from '../log/store.ts'
import type { LogStore } from '../log/store.ts'
import type { LogPlace } from './place.ts'
import {
  commitOf,
  documentRecord,
  everything,
  hash,
  keyOf,
  refOf,
  row,
  seqsOf,
  writerOf,
  writerRecord,
} from './samples.ts'
import { createWorld } from './world.ts'

export interface Law {
  readonly title: `[${string}] ${string}`
  readonly hold: (place: LogPlace) => Promise<void>
}

const { random } = createWorld(7).ports
const one = refOf('one')
const two = refOf('two')

export const logLaws: readonly Law[] = [
  {
    title: '[SE1] a space that nobody has written is empty, and reading it makes nothing',
    hold: inStore(async ({ log }) => {
      expect(await log.space(one)).toEqual(emptySpace)
      expect(await log.page(one, everything)).toMatchObject({ rows: [], to: 0 })
      expect(await log.hashAt(one, 1)).toBeUndefined()
      expect(await log.spaces()).toEqual([])
    }),
  },
  {
    title: '[SE2] a commit is done in all its spaces or in none, and only on the heads it was decided on',
    hold: inStore(async ({ log }) => {
      await write(log, commitOf(one, 0, [row(1), row(2)], { documents: [documentRecord(1, keyOf('a'))] }))
      const conflict = await log.commit({ spaces: [commitOf(two, 0, [row(1)]), commitOf(one, 1, [row(2)])] })
      expect(conflict).toMatchObject({ ok: false, error: { kind: 'conflict' } })
      expect([await seqsOf(log, one), await log.space(two)]).toEqual([[1, 2], emptySpace])
      await write(log, commitOf(two, 0, [row(1)]), commitOf(one, 2, [row(3)]))
      expect((await log.space(one)).head).toBe(3)
      expect([...(await log.spaces())].map(({ space }) => space).sort()).toEqual(['one', 'two'])
    }),
  },
  {
    title: '[SE3] what was committed is there when the store is opened again, with the same key',
    hold: async (place) => {
      const first = await place.open(random)
      await write(first.log, commitOf(one, 0, [row(1)], { documents: [documentRecord(1, keyOf('a'))] }))
      await first.log.close()
      const second = await place.open(random)
      expect(await second.log.space(one)).toMatchObject({ head: 1, epoch: 'e'.repeat(32), hash: hash(1) })
      expect(await seqsOf(second.log, one)).toEqual([1])
      expect(first.key).toHaveLength(32)
      expect([...second.key]).toEqual([...first.key])
      await second.log.close()
    },
  },
  {
    title: '[SE4] a page holds every wanted entry up to its end, and the chain there',
    hold: inStore(async ({ log }) => {
      const documents = [
        documentRecord(1, keyOf('a')),
        documentRecord(2, keyOf('b')),
        documentRecord(3, keyOf('a', 'marks')),
      ]
      const rows = [1, 2, 3, 1, 2, 3].map((document, i) => row(i + 1, { document }))
      await write(
        log,
        commitOf(one, 0, [row(1, { kind: 'writer', document: 0 }), ...shifted(rows), row(8, { kind: 'fold' })], {
          documents,
        }),
      )
      expect(await seqsOf(log, one)).toEqual([2, 3, 4, 5, 6, 7])
      expect(await seqsOf(log, one, { wanted: { collections: ['notes'], entities: [] } })).toEqual([2, 3, 5, 6])
      expect(await seqsOf(log, one, { wanted: { collections: ['marks'], entities: ['notes/b'] } })).toEqual([
        3, 4, 6, 7,
      ])
      expect(await seqsOf(log, one, { wanted: { collections: [], entities: ['notes/x'] } })).toEqual([])
      expect(await seqsOf(log, one, { after: 2, upTo: 5 })).toEqual([3, 4, 5])
      expect(await log.page(one, { ...everything, after: 2, rowsMax: 2 })).toMatchObject({ to: 4, hash: hash(4) })
      expect(await log.page(one, { ...everything, wanted: { collections: ['marks'], entities: [] } })).toMatchObject({
        to: 8,
        hash: hash(8),
      })
    }),
  },
  {
    title: '[SE5] a page ends where its rows or bytes are reached, but never inside a group',
    hold: inStore(async ({ log }) => {
      const bytes = new Uint8Array(10)
      const rows = [
        row(1, { bytes }),
        ...[2, 3, 4].map((seq) => row(seq, { bytes, group: 2 })),
        row(5, { bytes, group: 5, writer: 2 }),
      ]
      await write(log, commitOf(one, 0, rows, { documents: [documentRecord(1, keyOf('a'))] }))
      for (const wanted of [everything.wanted, { collections: ['notes'], entities: [] }]) {
        expect(await seqsOf(log, one, { wanted, rowsMax: 1 })).toEqual([1])
        expect(await seqsOf(log, one, { wanted, rowsMax: 2 })).toEqual([1, 2, 3, 4])
        expect(await seqsOf(log, one, { wanted, bytesMax: 11 })).toEqual([1, 2, 3, 4])
      }
    }),
  },
  {
    title: '[SE6] a fold puts a snapshot in the place of the rows, and keeps their hashes for a while',
    hold: inStore(async ({ log }) => {
      const documents = [documentRecord(1, keyOf('a')), documentRecord(2, keyOf('b'))]
      await write(log, commitOf(one, 0, [row(1), row(2, { document: 2 }), row(3), row(4)], { documents }))
      const snapshot = row(3, { kind: 'snapshot', encoding: 'yjs-2', bytes: Uint8Array.of(99) })
      await write(log, commitOf(one, 4, [row(5, { kind: 'fold' })], { folds: [{ document: 1, snapshot }] }))
      const { rows, to } = await log.page(one, everything)
      expect(rows.map(({ seq, kind, bytes }) => [seq, kind, bytes[0]])).toEqual([
        [2, 'update', 2],
        [3, 'snapshot', 99],
        [4, 'update', 4],
      ])
      expect(to).toBe(5)
      expect((await log.documentRows(one, 1, 5)).map(({ seq }) => seq)).toEqual([3, 4])
      expect((await log.documentRows(one, 1, 3)).map(({ seq }) => seq)).toEqual([3])
      expect(await Promise.all([1, 3, 5, 6].map((seq) => log.hashAt(one, seq)))).toEqual([
        hash(1),
        hash(3),
        hash(5),
        undefined,
      ])
      const far = { ...commitOf(one, 5, [row(6)]).record, head: 5 + foldedHashesMax }
      await write(log, {
        ...commitOf(one, 5, [row(6, { kind: 'fold' })], {
          folds: [{ document: 1, snapshot: row(4, { kind: 'snapshot' }) }],
        }),
        record: far,
      })
      expect(await log.hashAt(one, 1)).toBeUndefined()
    }),
  },
  {
    title: '[SE7] documents, writers, client ids and refusals are found by their names and numbers',
    hold: inStore(async ({ log }) => {
      const documents = [
        documentRecord(1, keyOf('a')),
        documentRecord(2, keyOf('b'), { encoding: 'other', isolated: true, foldedTo: 3, foldedBytes: 4 }),
      ]
      const writers = [
        writerRecord(1, { accepted: [1, 5, 8, 300], refused: [6, 7] }),
        writerRecord(2, { logged: false }),
      ]
      const refusals = [{ writer: 1, n: 6, kind: 'rule', message: 'no' }] as const
      await write(
        log,
        commitOf(one, 0, [], { documents, writers, refusals, clientIds: [{ id: 4_000_000_000, writer: 2 }] }),
      )
      expect(await log.documents(one, [keyOf('b'), keyOf('x')])).toEqual([documents[1]])
      expect(await log.documentsByNumber(one, [1, 9])).toEqual([documents[0]])
      expect(await log.writers(one, [writerOf(1), writerOf(9)])).toEqual([writers[0]])
      expect(await log.writersByNumber(one, [2, 9])).toEqual([writers[1]])
      expect(await log.clientIds(one, [4_000_000_000, 1])).toEqual(new Map([[4_000_000_000, 2]]))
      expect(await log.refusals(one, 1, [6, 7])).toEqual(refusals)
      expect([await log.documents(two, [keyOf('a')]), await log.clientIds(two, [4_000_000_000])]).toEqual([
        [],
        new Map(),
      ])
      await write(log, commitOf(one, 0, [], { writers: [writerRecord(1, { accepted: [1, 9] })] }))
      expect(await log.writers(one, [writerOf(1)])).toMatchObject([{ accepted: [1, 9], refused: [] }])
    }),
  },
  {
    title: '[SE8] the user of a writer is known in every space of its tenant, and in no other tenant',
    hold: inStore(async ({ log }) => {
      await write(log, commitOf(one, 0, [], { writers: [writerRecord(1)] }))
      expect(await log.userOf(one.tenant, writerOf(1))).toBe('ada')
      expect(await log.userOf(one.tenant, writerOf(2))).toBeUndefined()
      expect(await log.userOf(refOf('one', 'other').tenant, writerOf(1))).toBeUndefined()
    }),
  },
  {
    title: '[SE9] unfolded lists by number the documents that are more than one entry, but no isolated ones',
    hold: inStore(async ({ log }) => {
      const documents = [
        documentRecord(1, keyOf('a'), { tailEntries: 1 }),
        documentRecord(2, keyOf('b'), { tailEntries: 2 }),
        documentRecord(3, keyOf('c'), { tailEntries: 1, foldedTo: 9 }),
        documentRecord(4, keyOf('d'), { tailEntries: 0, foldedTo: 9 }),
        documentRecord(5, keyOf('e'), { tailEntries: 5, isolated: true }),
        documentRecord(6, keyOf('f'), { tailEntries: 7 }),
      ]
      await write(log, commitOf(one, 0, [], { documents }))
      const numbers = async (after: number, limit: number): Promise<number[]> =>
        (await log.unfolded(one, { after, limit })).map(({ number }) => number)
      expect([await numbers(0, 9), await numbers(0, 2), await numbers(3, 9)]).toEqual([[2, 3, 6], [2, 3], [6]])
    }),
  },
  {
    title: '[SE10] a device finds what was last written for it, and for no other user',
    hold: inStore(async ({ log }) => {
      const record = { tenant: one.tenant, user: userId('ada'), device: 'd1', bytes: Uint8Array.of(1) }
      expect((await log.commit({ spaces: [], devices: [record] })).ok).toBe(true)
      expect((await log.commit({ spaces: [], devices: [{ ...record, bytes: Uint8Array.of(2) }] })).ok).toBe(true)
      expect((await log.device(one.tenant, record.user, 'd1'))?.bytes).toEqual(Uint8Array.of(2))
      expect(await log.device(one.tenant, userId('bob'), 'd1')).toBeUndefined()
    }),
  },
  {
    title: '[SE11] bytes given to a commit may be used again once it is settled',
    hold: inStore(async ({ log }) => {
      const bytes = Uint8Array.of(1, 2, 3)
      await write(
        log,
        commitOf(one, 0, [row(1, { bytes: bytes.subarray(1) })], { documents: [documentRecord(1, keyOf('a'))] }),
      )
      bytes.fill(0)
      expect((await log.page(one, everything)).rows[0]?.bytes).toEqual(Uint8Array.of(2, 3))
    }),
  },
  {
    title: '[SE12] a database that was set back begins a new epoch when it is opened, and no other does',
    hold: async (place) => {
      const epochs = async (): Promise<readonly string[]> => {
        const { log } = await place.open(random)
        const found = [(await log.space(one)).epoch, (await log.space(two)).epoch]
        await log.close()
        return found
      }
      const first = await place.open(random)
      await write(first.log, commitOf(one, 0, [row(1)]), commitOf(two, 0, [row(1)]))
      await first.log.close()
      await place.backup()
      const second = await place.open(random)
      await write(second.log, commitOf(one, 1, [row(2)]))
      await second.log.close()
      expect(await epochs()).toEqual(['e'.repeat(32), 'e'.repeat(32)])
      await place.restore()
      const [setBack, untouched] = await epochs()
      expect(setBack).toMatch(/^[0-9a-f]{32}$/)
      expect(setBack).not.toBe('e'.repeat(32))
      expect(untouched).toBe('e'.repeat(32))
      expect(await epochs()).toEqual([setBack, untouched])
    },
  },
  {
    title: '[SE13] a closed store refuses commits, and a second close does nothing',
    hold: async (place) => {
      const { log } = await place.open(random)
      await log.close()
      await log.close()
      expect(await log.commit({ spaces: [commitOf(one, 0, [row(1)])] })).toMatchObject({
        ok: false,
        error: { kind: 'storage-unavailable' },
      })
    },
  },
]

function inStore(use: (opened: OpenedStore) => Promise<void>): Law['hold'] {
  return async (place) => {
    const opened = await place.open(random)
    await use(opened)
    await opened.log.close()
  }
}

async function write(log: LogStore, ...spaces: Parameters<LogStore['commit']>[0]['spaces'][number][]): Promise<void> {
  const result = await log.commit({ spaces })
  if (!result.ok) throw new RejoinError('unavailable', result.error.message)
}

/** The same rows one number later. */
const shifted = (rows: readonly ReturnType<typeof row>[]): readonly ReturnType<typeof row>[] =>
  rows.map((one) => ({ ...one, seq: one.seq + 1, chain: hash(one.seq + 1) }))
