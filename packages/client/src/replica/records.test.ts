import { firstGeneration, noStamp, spaceId, userId, writerId } from '@rejoin/base'
import type { DeviceId, DocumentKey, Result } from '@rejoin/base'
import { emptyToken, interestIn } from '@rejoin/protocol'
import { expect, test } from 'vitest'
import { decodeAuthor, encodeAuthor } from './author-record.ts'
import { decodeBase, encodeBase } from './base-record.ts'
import { decodeDisputes, encodeDisputes } from './dispute-record.ts'
import { decodeMeta, encodeMeta } from './meta.ts'
import { decodeQuarantine, encodeQuarantine } from './quarantine-record.ts'
import type { QuarantineRecord } from './quarantine-record.ts'
import { decodeRow, encodeRow } from './row.ts'
import type { LocalRow } from './row.ts'
import { decodeSealed, encodeSealed } from './sealed-record.ts'
import { decodeSpace, encodeSpace } from './space-record.ts'
import { decodeView, encodeView } from './view-record.ts'
import { decodeWaiting, encodeWaiting } from './waiting-record.ts'
import {
  decodeEntryNumbers,
  decodeReceipts,
  decodeWriter,
  encodeEntryNumbers,
  encodeReceipts,
  encodeWriter,
} from './writer-records.ts'

const writer = writerId('0123456789abcdef'.repeat(2))
const principal = userId('ada')
const space = spaceId('course-7')
const document = 'notes/a/shared/body' as DocumentKey
const update = { encoding: 'yjs-1', bytes: Uint8Array.of(1, 2, 3, 250) } as const
const row: LocalRow = {
  kind: 'local',
  branch: 1,
  writer,
  lane: 'normal',
  principal,
  group: 7,
  stamp: noStamp,
  writes: [{ transaction: 3, update }],
}
const remade: LocalRow = {
  ...row,
  writes: [
    { transaction: 3, update },
    { transaction: 4, update, of: { writer, transaction: 1, healed: 0 } },
  ],
}
const change = { root: 'text', insert: 'x', id: { client: 7, clock: 2 }, after: null } as const
const quarantined: QuarantineRecord = {
  space,
  document,
  kind: 'rule',
  message: 'No.',
  at: 5,
  row: remade,
  changes: [{ changes: [change], whole: true }, 'too-large'],
  parts: [1, 2],
  unanswered: true,
}
const info = {
  id: { writer, n: 4 },
  space,
  document,
  generation: firstGeneration,
  branch: 1,
  rows: [7, 8],
  lane: 'normal',
  principal,
  after: { writer, n: 3 },
  group: 4,
  groupSize: 2,
  stamp: noStamp,
  writes: 1,
  bytes: 4,
  sent: true,
} as const
const meta = {
  device: 'd'.repeat(32) as DeviceId,
  principal,
  lastRow: 9,
  lastStamp: noStamp,
  storedStamp: noStamp,
  skewMs: -3,
}
const cursors = [{ interest: interestIn(['notes'], ['notes/a']), token: emptyToken }]

/** A record of each kind, with how it is read. */
const records: Readonly<Record<string, readonly [Uint8Array, (bytes: Uint8Array) => Result<unknown, unknown>]>> = {
  'base': [encodeBase({ generation: firstGeneration, branch: 2, snapshot: update }), decodeBase],
  'entry': [
    encodeSealed({
      kind: 'update',
      info,
      author: writer,
      transactions: [
        [3, 4, 6, 6],
        [7, 7],
      ],
      remade: [{ transaction: 6, of: { writer, transaction: 2, healed: 1 } }],
      update,
    }),
    decodeSealed,
  ],
  'meta': [encodeMeta(meta), decodeMeta],
  'numbers': [encodeEntryNumbers({ last: 9, answered: [1, 8] }), decodeEntryNumbers],
  'quarantine': [encodeQuarantine(quarantined), decodeQuarantine],
  'receipts': [encodeReceipts({ stored: [1, 4], rejected: [5, 5] }), decodeReceipts],
  'row': [encodeRow(row), decodeRow],
  'remade': [encodeRow(remade), decodeRow],
  'stored': [encodeRow({ kind: 'stored', entry: { writer, n: 4 }, update }), decodeRow],
  'space': [encodeSpace({ kind: 'course', seen: emptyToken, cursors }), decodeSpace],
  'view': [encodeView({ stale: false, schema: 5, view: { title: 'one' }, isDeleted: false }), decodeView],
  'view of what was deleted': [encodeView({ stale: false, schema: 5, view: null, isDeleted: true }), decodeView],
  'disputes': [encodeDisputes({ conflicts: [], settled: ['shared/title'] }), decodeDisputes],
  'author': [encodeAuthor(userId('ana')), decodeAuthor],
  'waiting': [encodeWaiting('row|course-7|notes/a/shared/|000000000001'), decodeWaiting],
  'writer': [encodeWriter({ principal, clientIds: [1, 2] }), decodeWriter],
}

test.each(Object.entries(records))(
  '[CL83] no flipped bit of a %s record, and no cut of it, is taken for a record',
  (_, [bytes, read]) => {
    expect(read(bytes).ok).toBe(true)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(read(flipped)).toMatchObject({ ok: false, error: { kind: 'storage-corrupt' } })
    }
    for (let length = 0; length < bytes.length; length++) expect(read(bytes.slice(0, length)).ok).toBe(false)
  },
)
