import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { NaiveText } from './naive.test.helper.ts'
import { sessions } from './sessions.test.helper.ts'
import { parseConcurrent } from '@rejoin/lab/trace'
import type { ConcurrentTrace } from '@rejoin/lab/trace'

function parsed(value: unknown): ConcurrentTrace {
  const trace = parseConcurrent('t', JSON.stringify(value))
  if (!trace.ok) throw new Error(trace.error)
  return trace.value
}

describe('concurrent traces', () => {
  test.prop([sessions])('[RE25] each author has taken in what its parents come after, and nothing else', (session) => {
    const model = new NaiveText()
    const known = new Map<number, Set<number>>()
    for (const [index, { author, parents, takesIn }] of parsed(session).transactions.entries()) {
      const seen = known.get(author) ?? new Set()
      known.set(author, seen)
      expect(takesIn).toEqual([...takesIn].sort((a, b) => a - b))
      for (const taken of takesIn) {
        expect(seen).not.toContain(taken)
        seen.add(taken)
      }
      model.begin(parents)
      const before = [...session.txns.keys()].filter((other) => other < index && model.sees(index, other))
      expect([...seen].sort((a, b) => a - b)).toEqual(before)
      seen.add(index)
    }
  })

  test('[RE25] parents that name more than they need change nothing', () => {
    const least = [[], [0], [1], [2]]
    const more = [[], [0, 0], [1, 0], [0, 2, 1]]
    const [one, other] = [least, more].map((parents) => {
      const txns = parents.map((parents, index) => ({ agent: index % 2, parents, patches: [] }))
      return parsed({ kind: 'concurrent', endContent: '', numAgents: 2, txns }).transactions.map((each) => each.takesIn)
    })
    expect(one).toEqual([[], [0], [1], [2]])
    expect(other).toEqual(one)
  })

  const trace = (...txns: unknown[]): unknown => ({ kind: 'concurrent', endContent: '', numAgents: 2, txns })
  const txn = (agent: unknown, parents: unknown, ...patches: unknown[]): unknown => ({ agent, parents, patches })
  const first = txn(0, [])
  test.each<readonly [what: string, input: unknown, sentence: RegExp]>([
    ['an array', [], /is not a JSON object/],
    [
      'a sequential trace',
      { startContent: '', endContent: '', txns: [{ patches: [] }] },
      /is a sequential trace.*replay/,
    ],
    ['another kind', { kind: 'parallel', endContent: '', numAgents: 1, txns: [first] }, /its kind is not "concurrent"/],
    ['an object', {}, /is not a concurrent trace/],
    ['no endContent', { kind: 'concurrent', numAgents: 1, txns: [first] }, /endContent, numAgents or txns are missing/],
    [
      'no numAgents',
      { kind: 'concurrent', endContent: '', txns: [first] },
      /endContent, numAgents or txns are missing/,
    ],
    ['no transactions', trace(), /has no transactions/],
    ['a null transaction', trace(null), /its transaction 0 has no agent from 0 to 1\.$/],
    ['an agent too many', trace(first, txn(2, [0])), /its transaction 1 has no agent from 0 to 1\.$/],
    ['an agent by name', trace(txn('ada', [])), /its transaction 0 has no agent/],
    ['no parents', trace({ agent: 0, patches: [] }), /its transaction 0 has no list of parents\.$/],
    ['a parent that is no index', trace(first, txn(0, [-1])), /its transaction 1 has no list of parents\.$/],
    ['itself as a parent', trace(first, txn(0, [1])), /1 names 1 as a parent, which does not come before it\.$/],
    ['a parent ahead', trace(first, txn(0, [0, 2]), first), /1 names 2 as a parent, which does not come before it\.$/],
    ['a parent that is not there', trace(first, txn(0, [2])), /1 names 2 as a parent, which does not exist\.$/],
    [
      'an author beside itself',
      trace(first, txn(0, [0]), txn(1, [0]), txn(0, [2])),
      /its transaction 3 does not come after transaction 1 of the same author\.$/,
    ],
    ['no patches', trace({ agent: 0, parents: [] }), /its transaction 0 has no list of patches\.$/],
    ['a short patch', trace(txn(0, [], [0, 0])), /has a patch that is not \[position, deleted, inserted\]\.$/],
    ['a long patch', trace(txn(0, [], [0, 0, '', '', ''])), /has a patch that is not \[position/],
    ['a negative deletion', trace(txn(0, [], [0, -1, ''])), /has a patch that is not \[position/],
    ['half a surrogate pair', trace(txn(0, [], [0, 0, '\ud800'])), /has a patch that inserts text .*not well-formed/],
  ])('[RE26] %s is refused with a reason', (_what, input, sentence) => {
    const refused = parseConcurrent('t', JSON.stringify(input))
    expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(sentence) as string })
    if (!refused.ok) expect(refused.error).toMatch(/^is [^\n]*\.$/)
  })
})
