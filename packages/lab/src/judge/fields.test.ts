import { expect, test } from 'vitest'
import { areConcurrent, wasSeenBy } from '../ledger/edit.ts'
import type { FieldShape, Value } from '../fields/shape.ts'
import { history, judged, tally } from './history.test.helper.ts'
import { judgeEntity } from './judge.ts'
import type { Tally } from './tally.ts'

/** What is to be said of it, where each of these is shown. */
function cases(
  kind: FieldShape['kind'] | FieldShape,
  text: string,
  ...expected: readonly (readonly [shown: Value, Partial<Tally>])[]
): void {
  for (const [shown, tallied] of expected)
    expect(judged(kind, text, shown).tally, String(shown)).toEqual(tally(tallied))
}

test('[LA1] an edit saw what its author had, through others too, and all that the author did before', () => {
  const [a1, b1, c1, a2] = history(`
    a: add 1
    b a1: add 1
    c b1: add 1
    a: add 1`)
  if (a1 === undefined || b1 === undefined || c1 === undefined || a2 === undefined) throw new Error('four edits')
  expect([wasSeenBy(a1, b1), wasSeenBy(a1, c1), wasSeenBy(b1, c1), wasSeenBy(a1, a2)]).toEqual([true, true, true, true])
  expect([wasSeenBy(b1, a1), wasSeenBy(b1, a2), wasSeenBy(a2, a2)]).toEqual([false, false, false])
  expect([areConcurrent(b1, a2), areConcurrent(a2, c1), areConcurrent(a1, c1), areConcurrent(a1, a1)]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('[LA2] of several versions each thing counts as the best of them has it', () => {
  const both = `
    a: set one
    b: set two`
  expect(judged('value', both, 'one', 'two').tally).toEqual(tally({ effects: 2 }))
  const status: FieldShape = { kind: 'status', steps: ['one', 'two'] }
  expect(judged(status, both, 'two', 'one').tally).toEqual(tally({ effects: 2 }))
  expect(judged('counter', 'a: add 1\nb: add 1\nb: add 1', 1, 2).tally).toEqual(tally({ effects: 3, lost: 1 }))
  const lists = `
    a: put x
    b a1: take x; put y
    c a1: put z`
  // To be rid of x a person takes the first version, and has y or z with either.
  expect(judged('set', lists, ['y'], ['x', 'z']).tally).toEqual(tally({ effects: 3, deletions: 1 }))
  expect(judged('set', lists, ['x', 'y'], ['x', 'z']).tally).toEqual(tally({ effects: 3, deletions: 1, ghosts: 1 }))
  expect(judged('log', 'a: append x', ['x', 'x', 'x'], ['x', 'x']).tally).toEqual(tally({ effects: 1, doubled: 1 }))
})

test('[LA3] a value is lost where one stands that it was to replace, or none', () => {
  const chain = `
    a: set one
    b a1: set two
    c b1: set three`
  cases(
    'value',
    chain,
    ['three', { effects: 3 }],
    ['two', { effects: 3, lost: 1 }],
    ['one', { effects: 3, lost: 2 }],
    [undefined, { effects: 3, lost: 3 }],
  )
})

test('[LA3] a value is overruled where one stands that was written at the same time, and nobody has replaced it', () => {
  cases(
    'value',
    `
    a: set one
    b: set two`,
    ['one', { effects: 2, overruled: 1 }],
    ['two', { effects: 2, overruled: 1 }],
  )
  // Whoever wrote three has replaced two.
  cases(
    'value',
    `
    a: set one
    b: set two
    c b1: set three`,
    ['one', { effects: 3, overruled: 1 }],
    ['three', { effects: 3, overruled: 1 }],
    ['two', { effects: 3, lost: 1, overruled: 1 }],
  )
  // Three was to replace both.
  cases(
    'value',
    `
    a: set one
    b: set two
    c a1 b1: set three`,
    ['three', { effects: 3 }],
    ['one', { effects: 3, lost: 1 }],
  )
})

test('[LA3] a value is lost where one is shown that was replaced, also if it was replaced itself since', () => {
  cases(
    'value',
    `
    a: set one
    b a1: set two
    c a1: set three`,
    ['one', { effects: 3, lost: 2 }],
    ['two', { effects: 3, overruled: 1 }],
  )
  cases(
    'value',
    `
    a: set one
    b a1: set two
    c a1: set three
    d b1 c1: set four`,
    ['four', { effects: 4 }],
    ['three', { effects: 4, lost: 1 }],
    ['one', { effects: 4, lost: 3 }],
  )
})

test('[LA3] a value that two have written stands for both, and of one edit the last counts', () => {
  cases(
    'value',
    `
    a: set one
    b: set two
    c: set one`,
    ['one', { effects: 3, overruled: 1 }],
  )
  cases('value', 'a: set one; set two', ['two', { effects: 2 }], ['one', { effects: 2, lost: 1 }])
})

test('[LA4] a status is lost where one stands that comes before it', () => {
  const status: FieldShape = { kind: 'status', steps: ['one', 'two', 'three'] }
  cases(
    status,
    `
    a: set one
    b a1: set two
    c a1: set three
    c: set three`,
    ['three', { effects: 4 }],
    ['two', { effects: 4, lost: 2 }],
    ['one', { effects: 4, lost: 3 }],
    [undefined, { effects: 4, lost: 4 }],
  )
})

test('[LA5] of a counter is lost what is missing of the sum, and doubled what is too much', () => {
  const adds = 'a: add 2\nb: add 2\na: add 2'
  cases(
    'counter',
    adds,
    [6, { effects: 3 }],
    [2, { effects: 3, lost: 2 }],
    [10, { effects: 3, doubled: 2 }],
    [-2, { effects: 3, lost: 3, doubled: 1 }],
    [undefined, { effects: 3, lost: 3 }],
  )
  cases(
    'counter',
    'a: add -1\nb: add -1',
    [-2, { effects: 2 }],
    [-1, { effects: 2, lost: 1 }],
    [-3, { effects: 2, doubled: 1 }],
  )
  // As few as can be: 12 and 12, or 12 and three times 1.
  const uneven = 'a: add 12\nb: add 12\na: add 1\na: add 1\nb: add 1'
  cases('counter', uneven, [27, { effects: 5 }], [3, { effects: 5, lost: 2 }], [12, { effects: 5, lost: 4 }])
})

test('[LA6] an element is lost where it is missing and nobody who took it could know of it, or else not at that time', () => {
  cases('set', 'a: put x', [['x'], { effects: 1 }], [[], { effects: 1, lost: 1 }])
  cases('set', 'a: put x\nb a1: take x', [[], { effects: 1, deletions: 1 }])
  // Put anew by somebody who had seen it taken.
  cases('set', 'a: put x\nb a1: take x\nc b1: put x', [['x'], { effects: 2 }], [[], { effects: 2, lost: 1 }])
  // Put again while another took it away: both may be.
  cases('set', 'a: put x\nb a1: take x\nc a1: put x', [['x'], { effects: 2 }], [[], { effects: 2, overruled: 1 }])
})

test('[LA7] an element is a ghost where it is there though somebody took it each time that it was put', () => {
  cases('set', 'a: put x\nb a1: take x', [['x'], { effects: 1, deletions: 1, ghosts: 1 }])
  // Each put was taken, by somebody who did not know of the other.
  cases(
    'set',
    'a: put x\nb: put x\na: take x\nb: take x',
    [['x'], { effects: 2, deletions: 1, ghosts: 1 }],
    [[], { effects: 2, deletions: 1 }],
  )
  cases('set', 'a: put x\nb: put x\nc a1: take x', [['x'], { effects: 2 }])
})

test('[LA8] what is there twice is doubled, once for each time too many', () => {
  cases('set', 'a: put x\nb: put y', [['x', 'y', 'x'], { effects: 2, doubled: 1 }])
  cases('log', 'a: append x', [['x', 'x', 'x'], { effects: 1, doubled: 2 }])
  cases('order', 'a: place x first\nb: place y first', [['x', 'y', 'x', 'y'], { effects: 2, doubled: 2 }])
  cases('text', 'a: type xy first', ['xyx', { effects: 1, doubled: 1 }])
})

test('[LA9] a line is lost where it is missing, as nobody removes lines', () => {
  cases(
    'log',
    'a: append x\nb: append y',
    [['y', 'x'], { effects: 2 }],
    [['y'], { effects: 2, lost: 1 }],
    [[], { effects: 2, lost: 2 }],
  )
})

test('[LA10] an item is lost where it is missing though nobody removed it, and a ghost where it is there though removed', () => {
  cases(
    'order',
    'a: place x first; place y after x\nb a1: remove x',
    [['y'], { effects: 2, deletions: 1 }],
    [['x', 'y'], { effects: 2, deletions: 1, ghosts: 1 }],
    [[], { effects: 2, deletions: 1, lost: 1 }],
  )
})

test('[LA12] the vote of each user is a value of its own', () => {
  const votes = `
    a: vote ann 3
    b: vote ben 3
    a: vote ann 5`
  cases(
    'votes',
    votes,
    [{ ann: 5, ben: 3 }, { effects: 3 }],
    [
      { ann: 3, ben: 3 },
      { effects: 3, lost: 1 },
    ],
    [{ ann: 5 }, { effects: 3, lost: 1 }],
    [{}, { effects: 3, lost: 3 }],
  )
  // The same user on two devices.
  cases('votes', 'a: vote ann 3\nb: vote ann 4', [{ ann: 4 }, { effects: 2, overruled: 1 }])
})

test('[LA13] what was typed at once is lost where a symbol of it is missing that nobody erased', () => {
  const typed = 'a: type abc first\nb a1: type xy after b; erase c'
  cases(
    'text',
    typed,
    ['abxy', { effects: 2, deletions: 1 }],
    ['ab', { effects: 2, deletions: 1, lost: 1 }],
    ['bx', { effects: 2, deletions: 1, lost: 2 }],
    ['', { effects: 2, deletions: 1, lost: 2 }],
    ['abcxy', { effects: 2, deletions: 1, ghosts: 1 }],
  )
})

test('[LA14] an entity is a ghost where it is shown though deleted, and of what was done to it nobody can tell', () => {
  const edits = history('a: add 1\nb a1: delete\nc a1: add 1')
  const shape = { f: { kind: 'counter' } } as const
  const versions = { f: [0] }
  expect(judgeEntity({ shape, edits, isShown: true, versions }).tally).toEqual(
    tally({ untold: 2, deletions: 1, ghosts: 1 }),
  )
  expect(judgeEntity({ shape, edits, isShown: false, versions: {} }).tally).toEqual(
    tally({ effects: 1, overruled: 1, untold: 1, deletions: 1 }),
  )
  // One that nobody deleted and nobody sees has lost everything.
  const kept = { shape, edits: edits.slice(0, 1), isShown: false, versions: {} }
  expect(judgeEntity(kept).tally).toEqual(tally({ effects: 1, lost: 1 }))
})

test('[LA14] of an entity that is gone is overruled what nobody who deleted it had seen, and lost what had seen it deleted', () => {
  const gone = (text: string): Tally =>
    judgeEntity({ shape: { f: { kind: 'set' } }, edits: history(text), isShown: false, versions: {} }).tally
  // Of what was taken nothing is to be missed.
  expect(gone('a: put x\nb a1: take x; put y\nc a1: delete')).toEqual(
    tally({ effects: 1, overruled: 1, untold: 1, deletions: 1 }),
  )
  // One of those who deleted it is enough.
  expect(gone('a: put x\nb: put y\nc a1: delete\nd b1: delete')).toEqual(tally({ untold: 2, deletions: 1 }))
  // Whoever goes on although it was deleted sees it: nobody has deleted that.
  expect(gone('a: put x\nb a1: delete\nc b1: put y')).toEqual(tally({ effects: 1, lost: 1, untold: 1, deletions: 1 }))
  expect(gone('a founding: put x\nb a1: delete\nc a1: put y')).toEqual(
    tally({ effects: 1, overruled: 1, deletions: 1 }),
  )
})
