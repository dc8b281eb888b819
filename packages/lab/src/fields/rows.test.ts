import { describe, expect, test } from 'vitest'
import { byArrival, byHybridClock, byWallClock } from '../policies/last-write-wins.ts'
import type { Policy } from '../policies/policy.ts'
import { holding } from '../world/devices.test.helper.ts'
import type { Held } from '../world/held.ts'
import type { Deed } from './deed.ts'
import { shownRows } from './rows.ts'
import type { Shape } from './shape.ts'
import { symbolOf } from './symbols.ts'

const shape: Shape = {
  title: { kind: 'value' },
  status: { kind: 'status', steps: ['open', 'done', 'paid'] },
  count: { kind: 'counter' },
  tags: { kind: 'set' },
  items: { kind: 'order' },
  log: { kind: 'log' },
  votes: { kind: 'votes' },
  text: { kind: 'text' },
}

const rows = [byWallClock('rows'), byHybridClock('rows'), byArrival('rows')]

async function twoWith(policy: Policy, start: readonly Deed[]): Promise<[Held, Held]> {
  const [model, [one, other]] = await holding(policy, shape, 2)
  const [a, b] = [one?.held(model.id), other?.held(model.id)]
  if (a === undefined || b === undefined) throw new Error('There are no devices.')
  let stored = 0
  const made = [...a.create(), ...a.do(start)].map((each) => ({ ...each, update: { ...each.update, seq: ++stored } }))
  for (const each of [a, b]) each.take(made)
  return [a, b]
}

/** Each does something, without the other's; then both have both, in the order of the log. */
function apart([a, b]: [Held, Held], mine: readonly Deed[], theirs: readonly Deed[]): void {
  let stored = 1_000
  const log = [...a.do(mine), ...b.do(theirs)].map((each) => ({ ...each, update: { ...each.update, seq: ++stored } }))
  for (const held of [a, b]) held.take(log)
  expect(b.hash()).toBe(a.hash())
}

describe.each(rows)('under $name', (policy) => {
  test('[LA60] what two people who are apart put, take, place, move, remove, append and vote is all there', async () => {
    const both = await twoWith(policy, [
      { do: 'put', field: 'tags', element: 'old' },
      ...['a', 'b', 'c'].map(
        (item, at, all) => ({ do: 'place', field: 'items', item, after: all[at - 1] ?? null, before: null }) as const,
      ),
    ])
    apart(
      both,
      [
        { do: 'put', field: 'tags', element: 'mine' },
        { do: 'move', field: 'items', item: 'c', after: null, before: 'a' },
        { do: 'append', field: 'log', line: 'mine' },
        { do: 'vote', field: 'votes', by: 'a', stars: 1 },
      ],
      [
        { do: 'take', field: 'tags', element: 'old' },
        { do: 'put', field: 'tags', element: 'theirs' },
        { do: 'place', field: 'items', item: 'd', after: 'b', before: null },
        { do: 'remove', field: 'items', item: 'a' },
        { do: 'append', field: 'log', line: 'theirs' },
        { do: 'vote', field: 'votes', by: 'b', stars: 2 },
      ],
    )
    expect(both[0].shown).toMatchObject({
      tags: ['mine', 'theirs'],
      items: ['c', 'b', 'd'],
      log: ['mine', 'theirs'],
      votes: { a: 1, b: 2 },
    })
  })

  test('[LA60] of counters, texts and statuses one version is left', async () => {
    const both = await twoWith(policy, [{ do: 'add', field: 'count', amount: 10 }])
    const [mine, theirs] = [symbolOf(0), symbolOf(1)]
    apart(
      both,
      [
        { do: 'add', field: 'count', amount: 1 },
        { do: 'set', field: 'status', value: 'paid' },
        { do: 'type', field: 'text', symbols: mine, after: null, before: null },
      ],
      [
        { do: 'add', field: 'count', amount: 2 },
        { do: 'set', field: 'status', value: 'done' },
        { do: 'type', field: 'text', symbols: theirs, after: null, before: null },
      ],
    )
    // Both count from 10, and the status goes back.
    expect(both[0].shown).toMatchObject({ count: 12, status: 'done', text: theirs })
  })

  test('[LA60] a line stands behind all that its author saw, and several of one transaction in their order', async () => {
    const [a, b] = await twoWith(policy, [])
    const lines = Array.from({ length: 5 }, (_, nth) => `line-${9 - nth}`)
    for (const [nth, line] of lines.entries()) {
      const [writes, reads] = nth % 2 === 0 ? [a, b] : [b, a]
      const more = { do: 'append', field: 'log', line: `${line}-more` } as const
      reads.take(writes.do([{ do: 'append', field: 'log', line }, more]))
    }
    const expected = lines.flatMap((line) => [line, `${line}-more`])
    expect([a.shown?.['log'], b.shown?.['log']]).toEqual([expected, expected])
  })
})

test('[LA60] lines of one time stand in the order of their names, whoever has which first', () => {
  const line = (name: string, at: number): [string, unknown] => [`${at} ${name}`, { line: name, at }]
  const all = [line('b', 1), line('c', 0), line('a', 1)]
  for (const stored of [all, all.toReversed()])
    expect(shownRows('log', Object.fromEntries(stored))).toEqual(['c', 'a', 'b'])
})
