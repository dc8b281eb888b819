import { describe, expect, test } from 'vitest'
import { symbolCount } from '../fields/symbols.ts'
import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { parseConcurrent, parseTrace } from '../trace/index.ts'
import type { Patch } from '../trace/index.ts'
import type { PlayOptions, SessionResult } from './play.ts'
import { playSession } from './play.ts'
import { sessionOf } from './session.ts'
import type { Session } from './session.ts'
import type { TurnOptions } from './turns.ts'

type Written = readonly [agent: number, parents: readonly number[], ...patches: Patch[]]

function parsed(endContent: string, txns: readonly Written[]): ReturnType<typeof sessionOf> {
  const numAgents = 1 + Math.max(...txns.map(([agent]) => agent))
  const raw = txns.map(([agent, parents, ...patches]) => ({ agent, parents, patches }))
  const trace = parseConcurrent('t', JSON.stringify({ kind: 'concurrent', endContent, numAgents, txns: raw }))
  if (!trace.ok) throw new Error(trace.error)
  return sessionOf(trace.value)
}

function concurrent(endContent: string, txns: readonly Written[]): Session {
  const session = parsed(endContent, txns)
  if (!session.ok) throw new Error(session.error)
  return session.value
}

function sequential(endContent: string, patches: readonly Patch[], options?: TurnOptions, startContent = ''): Session {
  const txns = patches.map((patch) => ({ patches: [patch] }))
  const trace = parseTrace('t', JSON.stringify({ startContent, endContent, txns }))
  const session = trace.ok ? sessionOf(trace.value, options) : trace
  if (!session.ok) throw new Error(session.error)
  return session.value
}

function named(name: string): Policy {
  const policy = policies.find((each) => each.name === name)
  if (policy === undefined) throw new Error(name)
  return policy
}

const play = (session: Session, policy: string, options?: PlayOptions): Promise<SessionResult> =>
  playSession(session, named(policy), options)

/** One types `ab` and goes on to `abc`; the other, who has only the first, makes an `x` of the `a`. */
const oneEach = concurrent('xbc', [
  [0, [], [0, 0, 'ab']],
  [0, [0], [2, 0, 'c']],
  [1, [0], [0, 1, 'x']],
])

type Figures = readonly [lostEffects: number, lostShare: number, ghosts: number, finalLength: number]
const figures = ({ lostEffects, lostShare, ghosts, finalLength }: SessionResult): Figures => [
  lostEffects,
  lostShare,
  ghosts,
  finalLength,
]

/** `xbc` */
const merged: Figures = [0, 0, 0, 3]
/** `xb`: the c is missing. */
const later: Figures = [1, 1 / 3, 0, 2]
/** `abc`: the x is missing, and the a is there again. */
const earlier: Figures = [1, 1 / 3, 1, 3]
/** `xb` is shown, and `abc` beside it; of that one the a is gone. */
const both: Figures = [0, 0, 0, 2]

const expected: Readonly<Record<string, Figures>> = {
  'yjs': merged,
  'automerge': merged,
  'multi-value': both,
  'manual': both,
  'lww-rows-clock': later,
  'lww-rows-hlc': later,
  'lww-rows-arrival': later,
  'lww-field-clock': later,
  'lww-field-hlc': later,
  'lww-field-arrival': later,
  'first-write-wins': earlier,
  'lww-record-clock': later,
  'lww-record-hlc': later,
  'lww-record-arrival': later,
  'server-wins': earlier,
  'client-wins': later,
}

describe('two authors and three transactions', () => {
  test.each(policies.map(({ name }) => name))('[LA52, LA53] under %s, by hand', async (name) => {
    const result = await play(oneEach, name)
    expect(figures(result)).toEqual(expected[name])
    expect(result).toMatchObject({ policy: name, trace: 't', authors: 2, transactions: 3, effects: 3, skipped: 0 })
    expect(result).toMatchObject({ convergent: true, doubled: 0 })
    // Each of the two authors comes to see the version of the other beside its own: these two are one conflict.
    expect(result.conflictsShown).toBe(name === 'multi-value' || name === 'manual' ? 1 : 0)
  })

  test.each(policies.map(({ name }) => name))('[LA57] under %s they do the same again', async (name) => {
    const [once, again] = [await play(oneEach, name), await play(oneEach, name)]
    expect({ ...again, cpuMs: 0 }).toEqual({ ...once, cpuMs: 0 })
  })

  test('[LA54] what stands by a clock is told by clocks that are wrong, and by the log it is not', async () => {
    const ahead = { skewMs: [10_000] }
    expect(figures(await play(oneEach, 'lww-field-clock', ahead))).toEqual(earlier)
    expect(figures(await play(oneEach, 'lww-field-hlc', ahead))).toEqual(earlier)
    expect(figures(await play(oneEach, 'lww-field-arrival', ahead))).toEqual(later)
    const behind = { skewMs: [-10_000] }
    expect(figures(await play(oneEach, 'lww-field-clock', behind))).toEqual(later)
  })

  test('[LA54] a write that loses at once, by a clock that is behind, is not shown to its own author', async () => {
    // The second author has `a` by a clock that is ahead; its `b` has no chance, and its `c` is typed where that is not.
    const session = concurrent('abc', [
      [0, [], [0, 0, 'a']],
      [1, [0], [1, 0, 'b']],
      [1, [1], [2, 0, 'c']],
    ])
    const result = await play(session, 'lww-field-clock', { skewMs: [3_600_000] })
    expect(figures(result)).toEqual([2, 2 / 3, 0, 1])
    expect((await play(session, 'lww-field-hlc', { skewMs: [3_600_000] })).lostEffects).toBe(0)
  })

  test('[LA54] writing at once, whoever makes more stays longer', async () => {
    const session = concurrent('xabcd', [
      [0, [], [0, 0, 'ab']],
      [0, [0], [2, 0, 'c']],
      [0, [1], [3, 0, 'd']],
      [1, [0], [0, 0, 'x']],
    ])
    expect(figures(await play(session, 'lww-field-hlc'))).toEqual([2, 2 / 5, 0, 3])
    expect(figures(await play(session, 'lww-field-hlc', { timing: 'at-once' }))).toEqual([1, 1 / 5, 0, 4])
  })
})

describe('edits carried by characters', () => {
  /** The first author types `c` behind `ab`, the other `x` before it; the first, having both, `y` behind `c`, which it erases. */
  const lostBetween = concurrent('xaby', [
    [0, [], [0, 0, 'ab']],
    [0, [0], [2, 0, 'c']],
    [1, [0], [0, 0, 'x']],
    [0, [1, 2], [4, 0, 'y'], [3, 1, '']],
  ])

  test.each(['lww-field-hlc', 'multi-value', 'client-wins'])(
    '[LA51] under %s what is typed behind a missing character comes behind the one before, and it is not erased',
    async (name) => {
      const result = await play(lostBetween, name)
      expect(figures(result)).toEqual([1, 0, 0, 4])
      expect(result).toMatchObject({ effects: 5, skipped: 1, distance: 0 })
    },
  )

  test('[LA51] with nothing before it that is there, it comes first', async () => {
    const session = concurrent('cxaby', [
      [0, [], [0, 0, 'ab']],
      [0, [0], [0, 0, 'c']],
      [1, [0], [2, 0, 'y']],
      [1, [1, 2], [1, 0, 'x']],
    ])
    const result = await play(session, 'lww-field-hlc')
    // `xaby`, which lacks the c alone: at any other place the x would have to be moved as well.
    expect(figures(result)).toEqual([1, 1 / 5, 0, 4])
    expect(result.distance).toBe(1 / 5)
  })

  test('[LA52] a transaction that changes nothing sends nothing', async () => {
    const session = concurrent('xab', [
      [0, [], [0, 0, 'ab']],
      [0, [0], [2, 0, 'c']],
      [1, [0], [0, 0, 'x']],
      [0, [1, 2], [3, 1, '']],
    ])
    const shorter = { ...session, transactions: session.transactions.slice(0, 3) }
    const erased = await play(session, 'lww-field-hlc')
    expect(erased.skipped).toBe(1)
    expect(erased.bytes).toBe((await play(shorter, 'lww-field-hlc')).bytes)
    expect((await play(session, 'yjs')).bytes).toBeGreaterThan((await play(shorter, 'yjs')).bytes)
  })

  test('[LA50] a trace that does not tell its end is refused with a sentence', () => {
    const race = (end: string): ReturnType<typeof parsed> =>
      parsed(end, [
        [0, [], [0, 0, 'a']],
        [0, [0], [1, 0, 'b']],
        [1, [0], [1, 0, 'c']],
      ])
    const [refused, ...others] = ['abc', 'acb'].map(race).filter(({ ok }) => !ok)
    expect(others).toEqual([])
    expect(refused).toMatchObject({
      error: expect.stringMatching(
        /^has people write where others write at the same time, first in its transaction 2: which comes first [^\n]*\.$/,
      ) as string,
    })
    // Nobody writes at once.
    expect(
      parsed('ba', [
        [0, [], [0, 0, 'a']],
        [1, [0], [1, 0, 'b']],
      ]),
    ).toMatchObject({ error: 'does not come to its endContent: 2 characters instead of 2, equal up to 0.' })
    expect(
      parsed('x', [
        [0, [], [0, 0, 'ab']],
        [1, [0], [2, 0, 'c']],
        [0, [0], [0, 0, 'd']],
      ]),
    ).toMatchObject({ error: 'does not come to its endContent: 4 characters instead of 1, equal up to 0.' })
    expect(parsed('', [[0, [], [1, 0, 'a']]])).toMatchObject({
      error: 'is not a trace: its transaction 0 has a patch that reaches to 1 in a text of 0 characters.',
    })
    expect(parsed('', [[0, [], [0, 0, 'a'.repeat(symbolCount + 1)]]])).toMatchObject({
      error: `has ${symbolCount + 1} characters typed, of which the lab can tell ${symbolCount} apart.`,
    })
  })
})

describe('sequential sessions', () => {
  const patches: readonly Patch[] = [
    [0, 0, 'a'],
    [1, 0, 'b'],
    [2, 0, 'c'],
    [3, 0, 'd'],
  ]

  test.each(policies.map(({ name }) => name))('[LA55] on one device everything is kept by %s', async (name) => {
    const session = sequential('🌍ac🌊', [...patches, [1, 1, ''], [2, 1, '🌊'], [0, 0, '🌍🌋'], [1, 1, '']])
    expect(await play(session, name)).toMatchObject({
      ...{ authors: 1, effects: 4, lostEffects: 0, lostShare: 0, ghosts: 0, finalLength: 4, distance: 0 },
      ...{ skipped: 0, convergent: true },
    })
  })

  test('[LA55] on two devices every turn is concurrent to the one before', async () => {
    const session = sequential('abcd', patches, { devices: 2, turn: 1 })
    expect(session.transactions.map(({ author, takesIn }) => [author, takesIn])).toEqual([
      [0, []],
      [1, []],
      [0, []],
      [1, [0]],
    ])
    expect(figures(await play(session, 'yjs'))).toEqual([0, 0, 0, 4])
    // On the first `ac`, on the second `bd`, which is the later one.
    expect(figures(await play(session, 'lww-field-hlc'))).toEqual([2, 1 / 2, 0, 2])
  })

  test('[LA55] every device has the start, and on three the turns come to each in order', () => {
    const session = sequential(
      'sabcdd',
      [...patches.map(([at, , text]): Patch => [at + 1, 0, text]), [5, 0, 'd']],
      { devices: 3, turn: 1 },
      's',
    )
    expect(session.transactions.map(({ author, takesIn }) => [author, takesIn])).toEqual([
      [0, []],
      [0, []],
      [1, [0]],
      [2, [0, 1]],
      [0, [2]],
      [1, [1, 3]],
    ])
  })
})

test('[LA57] the share that is done is told as it grows', async () => {
  const shares: number[] = []
  const patches = Array.from({ length: 600 }, (_, at): Patch => [at, 0, 'a'])
  await play(sequential('a'.repeat(600), patches), 'yjs', { progress: (share) => void shares.push(share) })
  expect(shares).toEqual([0, 256 / 600, 512 / 600])
})
