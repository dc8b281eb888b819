import { expect, test } from 'vitest'
import { yjs } from '../policies/yjs.ts'
import { run } from '../run.ts'
import type { Workload } from '../workloads/workload.ts'
import type { FieldShape, Value } from '../fields/shape.ts'
import { history, judged, tally } from './history.test.helper.ts'
import { judgeEntity } from './judge.ts'
import type { Tally } from './tally.ts'

function cases(
  kind: FieldShape['kind'],
  text: string,
  ...expected: readonly (readonly [Value, Partial<Tally>])[]
): void {
  for (const [shown, tallied] of expected)
    expect(judged(kind, text, shown).tally, String(shown)).toEqual(tally(tallied))
}

test('[LA25] what was there when people began is no effect; what is missing of it nobody having removed it is told apart', () => {
  cases(
    'set',
    'a founding: put x; put y\nb a1: take y; put z',
    [['x', 'z'], { effects: 1, deletions: 1 }],
    [['x'], { effects: 1, lost: 1, deletions: 1 }],
    [['z'], { effects: 1, startLost: 1, deletions: 1 }],
    [['x', 'y', 'z'], { effects: 1, deletions: 1, ghosts: 1 }],
  )
  cases(
    'text',
    'a founding: type abc first\nb a1: type x after b before c',
    ['abxc', { effects: 1 }],
    ['bxc', { effects: 1, startLost: 1 }],
    ['baxc', { effects: 1, startLost: 1 }],
    ['abcx', { effects: 1, misplaced: 1 }],
  )
  cases('order', 'a founding: place x first; place y after x', [['x', 'y'], {}], [['y'], { startLost: 1 }])
  cases('counter', 'a founding: add 5\nb a1: add 1', [6, { effects: 1 }], [0, { effects: 1, lost: 1, startLost: 1 }])
  const status = { kind: 'status', steps: ['one', 'two'] } as const
  const edits = history('a founding: set one\nb a1: set two')
  const versions = { f: [undefined] }
  const judgement = judgeEntity({ shape: { f: status }, edits, isShown: true, versions })
  expect(judgement.tally).toEqual(tally({ effects: 1, lost: 1, startLost: 1 }))
})

test('[LA25] a value that was there stands for nothing that people did', () => {
  cases(
    'value',
    'a founding: set one\nb a1: set two\nc a1: set three',
    ['two', { effects: 2, overruled: 1 }],
    ['one', { effects: 2, lost: 2 }],
    [undefined, { effects: 2, lost: 2, startLost: 1 }],
  )
})

test('[LA25] nor is it an edit, nor does it count in how long edits take', async () => {
  const idle: Workload = {
    name: 'idle',
    about: 'Nobody does anything but read what is there.',
    parameters: [],
    entities: {
      things: { shape: { tags: { kind: 'set' } }, count: 3, start: () => [{ do: 'put', field: 'tags', element: 'x' }] },
    },
    act: () => undefined,
    invariants: [],
  }
  const conditions = {
    name: 'idle',
    devices: 3,
    durationMs: 1_000,
    edits: 2,
    apartMs: 0,
    contention: 0,
    skewMs: 0,
    delayMs: 50,
    bytesPerMs: 1_000,
  }
  const result = await run({ policy: yjs, workload: idle, conditions, seed: 1 })
  expect(result).toMatchObject({ edits: 0, effects: 0, startLost: 0, stalenessMeanMs: 0, stalenessP95Ms: 0 })
  expect(result.bytesUp).toBeGreaterThan(0)
})
