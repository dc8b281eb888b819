import { documentKey, firstGeneration, noStamp, stampAt, userId } from '@rejoin/base'
import type { Entry } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import { admit } from './admit.ts'
import type { AdmitOptions, Decision, Known, Submission } from './admit.ts'
import { serverUser } from './identity/principal.ts'
import type { DocumentRecord, WriterRecord } from './log/records.ts'
import { address } from './testing/peer.ts'
import { documentRecord, keyOf, writerOf, writerRecord } from './testing/samples.ts'

const nowMs = Date.UTC(2026, 0, 1)
/** A server with engines for two encodings of Yjs, and for automerge. */
const engineOf: AdmitOptions['engineOf'] = (encoding) => (encoding === 'other' ? undefined : encoding.split('-')[0])
const options: AdmitOptions = { nowMs, stampAheadMsMax: 600_000, entryBytesMax: 10, engineOf }

const entry = (n: number, more: Partial<Entry> = {}): Entry => ({
  id: { writer: writerOf(1), n },
  kind: 'update',
  document: address('a'),
  generation: firstGeneration,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp: noStamp,
  encoding: 'yjs-1',
  bytes: Uint8Array.of(n),
  ...more,
})

const submission = (entries: readonly Entry[], more: Partial<Submission> = {}): Submission => ({
  writer: writerOf(1),
  user: userId('ada'),
  role: 'editor',
  clientIds: [],
  entries,
  ...more,
})

function knowing(
  records: {
    writers?: readonly WriterRecord[]
    documents?: readonly DocumentRecord[]
    elsewhere?: string
    clientIds?: ReadonlyMap<number, number>
  } = {},
): Known {
  return {
    writer: (id) => records.writers?.find(({ writer }) => writer === id),
    userOf: () => (records.elsewhere === undefined ? undefined : userId(records.elsewhere)),
    document: (key) => records.documents?.find((one) => one.key === key),
    takenClientId: (ids, writer) =>
      ids.find(
        (id) =>
          ![undefined, records.writers?.find((one) => one.writer === writer)?.number].includes(
            records.clientIds?.get(id),
          ),
      ),
  }
}

const known = knowing({
  writers: [writerRecord(1, { accepted: [1, 3], refused: [4, 4] })],
  documents: [documentRecord(1, keyOf('a'))],
})

/** What happened to the predecessor of an entry. */
type After = 'none' | 'accepted' | 'refused' | 'unknown' | 'in the group'
/** What else is wrong with an entry. */
type Fault = 'nothing' | 'known' | 'generation' | 'root' | 'rule'

const afters: Record<After, Entry['after']> = {
  'none': undefined,
  'accepted': { writer: writerOf(1), n: 3 },
  'refused': { writer: writerOf(1), n: 4 },
  'unknown': { writer: writerOf(2), n: 9 },
  'in the group': { writer: writerOf(1), n: 10 },
}

const faults: Record<Fault, Partial<Entry>> = {
  nothing: {},
  known: { id: { writer: writerOf(1), n: 2 } },
  generation: { generation: { number: 7, id: 'f'.repeat(32) } },
  root: { document: address('nobody', 'body') },
  rule: { bytes: new Uint8Array(11) },
}

const table: Record<Fault, Record<After, string>> = {
  nothing: { 'none': 'accept', 'accepted': 'accept', 'refused': 'depends', 'unknown': 'gap', 'in the group': 'accept' },
  known: { 'none': 'known', 'accepted': 'known', 'refused': 'known', 'unknown': 'known', 'in the group': 'rule' },
  generation: {
    'none': 'generation',
    'accepted': 'generation',
    'refused': 'generation',
    'unknown': 'generation',
    'in the group': 'generation',
  },
  root: { 'none': 'gap', 'accepted': 'gap', 'refused': 'depends', 'unknown': 'gap', 'in the group': 'gap' },
  rule: {
    'none': 'too-large',
    'accepted': 'too-large',
    'refused': 'depends',
    'unknown': 'gap',
    'in the group': 'too-large',
  },
}

const outcome = (decision: Decision): string =>
  decision.kind === 'refuse' ? decision.refused.kind : decision.kind === 'retry' ? decision.reason : decision.kind

describe('admit', () => {
  for (const [fault, row] of Object.entries(table))
    for (const [after, expected] of Object.entries(row))
      test(`[SE20] predecessor ${after}, wrong: ${fault} → ${expected}`, () => {
        const one = entry(20, { ...faults[fault as Fault], after: afters[after as After] })
        const entries = after === 'in the group' ? [entry(10), one] : [one]
        expect(outcome(admit(submission(entries), known, options))).toBe(expected)
      })

  test('[SE21] an id that was accepted or refused is known, whatever else is wrong with it now', () => {
    for (const n of [1, 3, 4])
      expect(admit(submission([entry(n, faults.rule)], { role: undefined }), known, options)).toEqual({ kind: 'known' })
    expect(outcome(admit(submission([entry(5)]), known, options))).toBe('accept')
  })

  test('[SE22] another generation is refused with the one of the server', () => {
    const generation = { number: 3, id: 'a'.repeat(32) }
    const records = knowing({ documents: [documentRecord(1, keyOf('a'), { generation })] })
    expect(admit(submission([entry(1)]), records, options)).toMatchObject({
      kind: 'refuse',
      generation,
      refused: { kind: 'generation' },
    })
    expect(
      outcome(admit(submission([entry(1, { generation: { number: 9, id: generation.id } })]), records, options)),
    ).toBe('accept')
  })

  test('[SE23] a missing predecessor is asked for, unless another one was refused', () => {
    const two = [entry(5, { after: afters.unknown }), entry(6, { after: afters.refused })]
    expect(admit(submission([entry(5, { after: afters.unknown })]), known, options)).toEqual({
      kind: 'retry',
      reason: 'gap',
    })
    expect(admit(submission(two), known, options)).toMatchObject({
      kind: 'refuse',
      at: 1,
      refused: { kind: 'depends' },
    })
  })

  test('[SE24] a stamp in the far future is refused, one within the limit is not', () => {
    const stamped = (aheadMs: number): string =>
      outcome(admit(submission([entry(5, { stamp: stampAt(nowMs + aheadMs) })]), known, options))
    expect([stamped(0), stamped(options.stampAheadMsMax), stamped(options.stampAheadMsMax + 1)]).toEqual([
      'accept',
      'accept',
      'clock',
    ])
  })

  test.each([0, -1, Number.NaN])(
    '[SE24] by a clock that says %s the first stamps are allowed, and no others',
    (now) => {
      const stamped = (stamp: number): string =>
        outcome(admit(submission([entry(5, { stamp })]), known, { ...options, nowMs: now }))
      expect([stamped(0), stamped(1), stamped(stampAt(nowMs))]).toEqual(['accept', 'accept', 'clock'])
    },
  )

  test('[SE25] who may write a part: editors the shared one, the user its own, nobody but the server the server part', () => {
    const may = (part: Entry['document']['part'], more: Partial<Submission> = {}): string =>
      outcome(admit(submission([entry(5, { document: address('a', '', part) })], more), known, options))
    expect([may('shared'), may(`owner:${userId('ada')}`), may(`owner:${userId('bob')}`), may('server')]).toEqual([
      'accept',
      'accept',
      'read-only-part',
      'read-only-part',
    ])
    for (const role of ['viewer', undefined] as const)
      for (const part of ['shared', `owner:${userId('ada')}`, 'server'] as const)
        expect(may(part, { role })).toBe('forbidden')
    const server = { user: serverUser, writer: writerOf(9), role: 'owner' } as const
    expect([may('server', server), may('shared', server)]).toEqual(['accept', 'read-only-part'])
  })

  test('[SE26] a client id of another writer is refused, the own one is not', () => {
    const records = knowing({
      writers: [writerRecord(1)],
      clientIds: new Map([
        [7, 1],
        [8, 2],
      ]),
    })
    const using = (...clientIds: number[]): string =>
      outcome(admit(submission([entry(5)], { clientIds }), records, options))
    expect([using(7, 9), using(7, 8)]).toEqual(['accept', 'client-id-taken'])
    const newcomer = submission([entry(1)], { writer: writerOf(3), clientIds: [7] })
    expect(outcome(admit(newcomer, records, options))).toBe('client-id-taken')
  })

  test('[SE27] too many bytes, none, or bytes of an engine that is not here are refused', () => {
    const sized = (more: Partial<Entry>): string => outcome(admit(submission([entry(5, more)]), known, options))
    expect(sized({ bytes: new Uint8Array(10) })).toBe('accept')
    expect(sized({ bytes: new Uint8Array(11) })).toBe('too-large')
    expect(sized({ bytes: new Uint8Array(0) })).toBe('undecodable')
    expect(sized({ encoding: 'other' })).toBe('undecodable')
  })

  test('[SE56] an entity is of the engine of the first entry of its shared registers, also in one group', () => {
    const answer = (entries: readonly Entry[], records = known): unknown => admit(submission(entries), records, options)
    const body = address('a', 'body')
    expect(answer([entry(5, { encoding: 'yjs-2', document: body })])).toEqual({ kind: 'accept' })
    const refused = (at: number, own: string, engine: string): unknown => ({
      kind: 'refuse',
      at,
      refused: {
        kind: 'undecodable',
        message: `notes/a is in the engine ${own}; the entry is of the engine ${engine}.`,
      },
    })
    expect(answer([entry(5, { encoding: 'automerge', document: body })])).toEqual(refused(0, 'yjs', 'automerge'))
    const none = knowing()
    const grouped = (...encodings: readonly Entry['encoding'][]): Entry[] =>
      encodings.map((encoding, i) => entry(5 + i, { encoding, group: 5, groupSize: encodings.length }))
    expect(answer(grouped('automerge', 'automerge'), none)).toEqual({ kind: 'accept' })
    expect(answer(grouped('automerge', 'yjs-1'), none)).toEqual(refused(1, 'automerge', 'yjs'))
    const first = entry(5, { encoding: 'yjs-1', document: body, group: 5, groupSize: 2 })
    const root = entry(6, { encoding: 'automerge', group: 5, groupSize: 2 })
    expect(answer([first, root], none)).toEqual(refused(0, 'automerge', 'yjs'))
    const old = knowing({ documents: [documentRecord(1, keyOf('a'), { encoding: 'other' })] })
    expect(answer([entry(5)], old)).toEqual(refused(0, 'other', 'yjs'))
  })

  test('[SE28] the rules of the app see envelope and user, come last, and do not bind the server', () => {
    const seen: unknown[] = []
    const rules: AdmitOptions['rules'] = (one, context) => {
      seen.push([one.id.n, context])
      return one.id.n === 6 ? { kind: 'rule', message: 'not six' } : undefined
    }
    const decide = (n: number, more: Partial<Submission> = {}, part: Entry['document']['part'] = 'shared'): Decision =>
      admit(submission([entry(n, { document: address('a', '', part) })], more), known, { ...options, rules })
    expect(decide(5)).toEqual({ kind: 'accept' })
    expect(decide(6)).toMatchObject({ kind: 'refuse', refused: { kind: 'rule', message: 'not six' } })
    expect(outcome(decide(6, { role: 'viewer' }))).toBe('forbidden')
    expect(outcome(decide(6, { user: serverUser, writer: writerOf(9), role: 'owner' }, 'server'))).toBe('accept')
    expect(seen).toEqual([5, 6].map((n) => [n, { user: 'ada', role: 'editor' }]))
  })

  test('[SE29] a group is judged as one: the first entry to blame decides for all', () => {
    const members = [
      entry(5, { group: 5, groupSize: 3 }),
      entry(6, { group: 5, groupSize: 3, ...faults.rule }),
      entry(7, { group: 5, groupSize: 3 }),
    ]
    expect(admit(submission(members), known, options)).toMatchObject({
      kind: 'refuse',
      at: 1,
      refused: { kind: 'too-large' },
    })
    expect(outcome(admit(submission([entry(3), entry(5)]), known, options))).toBe('rule')
  })

  test('[SE30] a writer of another user is foreign, in this space or another one of the tenant', () => {
    const bob = submission([entry(1)], { user: userId('bob') })
    expect(admit(bob, known, options)).toEqual({ kind: 'foreign' })
    expect(admit(bob, knowing({ elsewhere: 'ada' }), options)).toEqual({ kind: 'foreign' })
    expect(admit(bob, knowing({ elsewhere: 'bob' }), options)).toEqual({ kind: 'accept' })
  })

  const body = (n: number, entity = 'a', more: Partial<Entry> = {}): Entry =>
    entry(n, { document: address(entity, 'body'), ...more })

  test('[SE38] what belongs to an entity that nobody made waits for it, in every part, before any rule is asked', () => {
    for (const part of ['shared', `owner:${userId('ada')}`] as const)
      for (const more of [{}, faults.rule, { stamp: stampAt(nowMs * 2) }])
        expect(
          admit(submission([body(5, 'a', { document: address('a', 'body', part), ...more })]), knowing(), options),
        ).toEqual({ kind: 'retry', reason: 'gap' })
    const server = { user: serverUser, writer: writerOf(9), role: 'owner' } as const
    const graded = entry(1, { document: address('a', '', 'server') })
    expect(outcome(admit(submission([graded], server), knowing(), options))).toBe('gap')
    expect(outcome(admit(submission([graded], server), known, options))).toBe('accept')
  })

  test('[SE38] the shared registers make the entity: before, or in the same group, wherever they stand in it', () => {
    const decide = (...entries: readonly Entry[]): string => outcome(admit(submission(entries), knowing(), options))
    expect(outcome(admit(submission([body(5)]), known, options))).toBe('accept')
    expect(decide(entry(5))).toBe('accept')
    expect(decide(entry(5), body(6))).toBe('accept')
    expect(decide(body(5), entry(6))).toBe('accept')
    expect(decide(body(5), entry(6, { document: address('a', '', 'server') }))).toBe('gap')
  })

  test('[SE38] registers of another entity, collection or part make nothing, nor does a text of the same entity', () => {
    const others = [
      address('b'),
      address('a', '', 'shared', 'tasks'),
      address('a', '', `owner:${userId('ada')}`),
      address('a', 'title'),
    ]
    for (const [i, { collection, entity, part, field }] of others.entries()) {
      const key = documentKey({ collection, entity, part, field })
      const records = knowing({ documents: [documentRecord(1, key)] })
      expect(outcome(admit(submission([body(5)]), records, options)), String(i)).toBe('gap')
    }
  })
})
