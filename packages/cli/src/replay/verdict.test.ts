import { describe, expect, test } from 'vitest'
import { authorComment, followerComment } from './app.ts'
import { auditLog, createAcks } from './audit.ts'
import { createLedger } from './ledger.ts'
import type { Inspection, ProgressReport } from './roles.ts'
import { expectedOf, judge } from './verdict.ts'
import type { Findings } from './verdict.ts'

const trace = {
  name: 't',
  startContent: '',
  endContent: 'the end',
  transactions: Array.from({ length: 2500 }, () => []),
}
const rounds = 3
const clean = { lost: 0, doubled: 0, forgotten: 0, logged: 10 }
const inspection: Inspection = {
  text: 'the end',
  position: 2500,
  minutes: 13,
  comments: [authorComment(1), authorComment(2), followerComment(1, 0), followerComment(2, 9), followerComment(3, 9)],
  hash: 'aaaa',
  pending: 0,
  rejected: 0,
}
const planned = { cuts: 5, kills: 1, serverKills: 1 }

const findings = (changes: Partial<Inspection> = {}, rest: Partial<Findings> = {}): Findings => ({
  trace,
  rounds,
  planned,
  happened: planned,
  audit: clean,
  onTheWay: [],
  unackedAtKills: [100],
  unackedAtServerKills: [100],
  replicas: [
    { name: 'the author', level: true, inspection },
    { name: 'the follower', level: true, inspection: { ...inspection, ...changes } },
    { name: 'the joiner', level: true, inspection },
  ],
  ...rest,
})

describe('the verdict', () => {
  test('[RE11] a session that held everything has no failures', () => {
    expect(expectedOf(trace, rounds)).toEqual({ position: 2500, minutes: 13, comments: 5 })
    expect(judge(findings())).toEqual({
      textMatches: true,
      countersExact: true,
      commentsExact: true,
      hashesEqual: true,
      outboxesEmpty: true,
      exactlyOnce: true,
      ok: true,
      failures: [],
    })
  })

  const last = inspection.comments.slice(0, -1)
  test.each([
    [
      'a text',
      { text: 'the ent' },
      'textMatches',
      'The text of the follower is not the end of the trace: 7 characters instead of 7, equal up to 6.',
    ],
    ['a position', { position: 2499 }, 'textMatches', 'The position of the follower is 2499 instead of 2500.'],
    ['a counter', { minutes: 14 }, 'countersExact', 'The counter of the follower is 14 minutes instead of 13.'],
    [
      'a lost comment',
      { comments: last },
      'commentsExact',
      'Of 5 comments the follower has 4: 1 are lost (follower-3…), 0 are doubled, and 0 are not as written.',
    ],
    [
      'a doubled comment',
      { comments: [...inspection.comments, authorComment(1)] },
      'commentsExact',
      'Of 5 comments the follower has 6: 0 are lost, 1 are doubled, and 0 are not as written.',
    ],
    [
      'a strange comment',
      { comments: [...last, { ...followerComment(3, 0), text: '?' }] },
      'commentsExact',
      'Of 5 comments the follower has 5: 0 are lost, 0 are doubled, and 1 are not as written.',
    ],
    [
      'a hash',
      { hash: 'bbbb' },
      'hashesEqual',
      'The replicas differ in their canonical hashes: the author aaaa, the follower bbbb, the joiner aaaa.',
    ],
    [
      'a waiting write',
      { pending: 2 },
      'outboxesEmpty',
      'The outbox of the follower is not empty: 2 writes wait, and 0 were refused.',
    ],
    [
      'a refused write',
      { rejected: 1 },
      'outboxesEmpty',
      'The outbox of the follower is not empty: 0 writes wait, and 1 were refused.',
    ],
  ] as const)('[RE11] %s that is not as promised fails with the numbers', (_what, changes, field, sentence) => {
    const verdict = judge(findings(changes))
    expect(verdict).toMatchObject({ ok: false, [field]: false, failures: [sentence] })
  })

  test('[RE11] a replica that is not level in time fails', () => {
    const replicas = findings().replicas.map((found) => ({ ...found, level: found.name !== 'the joiner' }))
    expect(judge(findings({}, { replicas })).failures).toEqual([
      'In time the joiner did not come level with the server: it is at transaction 2500.',
    ])
  })

  test('[RE12] a planned fault that did not happen fails', () => {
    const { ok, failures } = judge(findings({}, { happened: { cuts: 5, kills: 0, serverKills: 1 } }))
    expect({ ok, failures }).toEqual({ ok: false, failures: ['Of 1 planned kills of the author 0 happened.'] })
  })
})

describe('what a kill destroys', () => {
  const long = { ...trace, transactions: Array.from({ length: 10_000 }, () => []) }
  const about = (of: Findings): readonly string[] =>
    judge(of).failures.filter((failure) => failure.includes('had no ack'))

  test('[RE24] a kill with fewer than 100 writes without an ack fails, with the numbers', () => {
    const few = { trace: long, planned: { cuts: 0, kills: 1, serverKills: 1 } }
    expect(about(findings({}, few))).toEqual([])
    expect(about(findings({}, { ...few, unackedAtKills: [99] }))).toEqual([
      'At kill 1 of the author only 99 writes had no ack, instead of at least 100.',
    ])
    expect(about(findings({}, { ...few, unackedAtServerKills: [0] }))).toEqual([
      'At kill 1 of the server only 0 writes had no ack, instead of at least 100.',
    ])
    expect(judge(findings({}, { ...few, unackedAtKills: [99] })).ok).toBe(false)
  })

  test('[RE24] each kill is judged by itself', () => {
    const two = { trace: long, planned: { cuts: 0, kills: 2, serverKills: 0 }, unackedAtServerKills: [] }
    expect(about(findings({}, { ...two, unackedAtKills: [500, 7] }))).toEqual([
      'At kill 2 of the author only 7 writes had no ack, instead of at least 100.',
    ])
  })

  test('[RE24] it is waived in a session with less than 5,000 transactions for each planned kill', () => {
    const shorter = { ...long, transactions: long.transactions.slice(1) }
    expect(about(findings({}, { trace: shorter, unackedAtKills: [0], unackedAtServerKills: [0] }))).toEqual([])
    const more = { cuts: 0, kills: 2, serverKills: 1 }
    expect(about(findings({}, { trace: long, planned: more, unackedAtKills: [0, 0] }))).toEqual([])
  })
})

describe('the audit', () => {
  const acks = createAcks()
  for (const [writer, n] of [
    ['a', 1],
    ['a', 2],
    ['a', 2],
    ['b', 7],
  ] as const)
    acks.record(writer, n)
  const entries = [
    { writer: 'a', n: 1 },
    { writer: 'a', n: 2 },
    { writer: 'a', n: 3 },
    { writer: 'b', n: 7 },
  ]
  const accepted = [
    ['a', [1, 3]],
    ['b', [7, 7]],
  ] as const

  test('[RE10] every acked entry is in the log once', () => {
    expect(acks.count).toBe(3)
    expect(auditLog(acks, entries, accepted)).toEqual({ lost: 0, doubled: 0, forgotten: 0, logged: 4 })
  })

  test.each([
    ['lost', auditLog(acks, entries.slice(1), accepted), /1 acknowledged entries are not there/],
    ['doubled', auditLog(acks, [...entries, { writer: 'a', n: 3 }], accepted), /1 are there more than once/],
    ['forgotten', auditLog(acks, entries, accepted.slice(1)), /of 2 the server has forgotten the id/],
  ])('[RE10] a %s entry fails the verdict', (_what, audit, sentence) => {
    const verdict = judge(findings({}, { audit }))
    expect(verdict).toMatchObject({ ok: false, exactlyOnce: false })
    expect(verdict.failures).toHaveLength(1)
    expect(verdict.failures[0]).toMatch(sentence)
  })
})

describe('the ledger', () => {
  test('[RE13] lives of the author are added up, and a cut that is entered twice is one cut', () => {
    let now = 1000
    const shown: string[] = []
    const ledger = createLedger(() => now, {
      cut: ({ index }) => shown.push(`cut ${index}`),
      rejoined: ({ index }) => shown.push(`rejoined ${index}`),
      progress: () => undefined,
    })
    const progress = (position: number, bytes: number): ProgressReport => ({
      kind: 'progress',
      position,
      durable: position,
      pending: 120,
      online: false,
      bytesUp: bytes,
      bytesDown: 1,
      madeOffline: 50,
    })
    ledger.author({ kind: 'typing' })
    ledger.author({ kind: 'cut', index: 0, position: 5, unacked: 7 })
    ledger.author(progress(10, 100))
    now = 3000
    ledger.endTyping()
    ledger.endAuthor()
    expect(ledger.latest).toMatchObject({ position: 10, durable: 10, bytesUp: 0 })
    now = 9000
    ledger.author({ kind: 'typing' })
    ledger.author({ kind: 'cut', index: 0, position: 10, unacked: 120 })
    ledger.author({ kind: 'rejoined', index: 0, position: 12, pending: 130 })
    ledger.author(progress(20, 11))
    now = 9500
    ledger.endTyping()
    ledger.endTyping()
    ledger.endAuthor()
    expect(ledger.totals).toEqual({ typingMs: 2500, bytesUp: 111, bytesDown: 2, madeOffline: 100 })
    expect(ledger.cuts).toMatchObject([{ index: 0, unacked: 7 }])
    expect(ledger.startedAtMs).toBe(1000)
    expect(shown).toEqual(['cut 0', 'rejoined 0'])
  })
})
