import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import type { MarkedRun } from '@rejoin/schema'
import { expect, test } from 'vitest'

/** What two documents of one engine do without knowing of each other. */
interface Apart {
  readonly base?: (document: EngineDocument) => void
  /** What client 1 does before: it then counts further than client 2. */
  readonly before?: (document: EngineDocument) => void
  /** By client 1. */
  readonly one: (document: EngineDocument) => void
  /** By client 2. */
  readonly other: (document: EngineDocument) => void
}

const automerge = await openAutomerge()

test('[DO241] of what two insert at one place, the smaller client id stands first in Yjs, the greater counter in Automerge', () => {
  const text = (before?: Apart['before']): readonly string[] =>
    onBoth(
      {
        one: (document) => document.text.insert(0, 'one'),
        other: (document) => document.text.insert(0, 'two'),
        ...(before === undefined ? {} : { before }),
      },
      (document) => document.text.read(),
    )
  expect(text()).toEqual(['onetwo', 'twoone'])
  expect(text((document) => document.list.insert(0, [1, 2]))).toEqual(['onetwo', 'onetwo'])
  const list = onBoth(
    {
      one: (document) => document.list.insert(0, ['a', 'b']),
      other: (document) => document.list.insert(0, ['c', 'd']),
    },
    (document) => document.list.read().join(''),
  )
  expect(list).toEqual(['abcd', 'cdab'])
})

test('[DO242] of concurrent marks of one name, Yjs can lose one where no other was put', () => {
  const over = { one: mark(0, 2, 1), other: mark(1, 2, 2) }
  expect(marksOf({ base: write('xyz'), ...over })).toEqual(['x1 y2 z', 'x1 y2 z2'])
  expect(marksOf({ base: write('xyz'), one: mark(0, 3, 1), other: mark(0, 3, 2) })).toEqual(['x2 y2 z2', 'x2 y2 z2'])
  // One marks three, the other takes the mark that was there off the middle one: the last one has the old value.
  expect(marksOf({ base: write('xyz', 0), one: mark(0, 3, 1), other: mark(1, 1, null) })).toEqual([
    'x1 y z0',
    'x1 y z1',
  ])
})

test('[DO242] of text that is inserted at the edge of a concurrent mark, Yjs marks some by the order of client ids', () => {
  const inside = { one: mark(0, 2, 1), other: write('n', undefined, 1) }
  expect(marksOf({ base: write('xyz'), ...inside })).toEqual(['x1 n1 y1 z', 'x1 n1 y1 z'])
  expect(marksOf({ base: write('xyz'), one: mark(0, 2, 1), other: write('n') })).toEqual(['n1 x1 y1 z', 'n x1 y1 z'])
  const behind = write('n', undefined, 2)
  expect(marksOf({ base: write('xyz'), one: mark(0, 2, 1), other: behind })).toEqual(['x1 y1 n z', 'x1 y1 n z'])
  expect(marksOf({ base: write('xyz'), one: behind, other: mark(0, 2, 1) })).toEqual(['x1 y1 n1 z', 'x1 y1 n z'])
})

test('[DO243] of two writes with one stamp the greater client id wins in Yjs, the greater counter in Automerge', () => {
  const winners = (before?: Apart['before']): readonly unknown[] =>
    onBoth(
      {
        one: (document) => void document.registers.append('title', 5, 'one'),
        other: (document) => void document.registers.append('title', 5, 'two'),
        ...(before === undefined ? {} : { before }),
      },
      (document) => document.registers.survivors('title').at(-1)?.value,
    )
  expect(winners()).toEqual(['two', 'two'])
  expect(winners((document) => void document.registers.append('other', 1, 0))).toEqual(['two', 'one'])
})

test('[DO245] what is deleted is gone from the bytes in Yjs, and stays in them in Automerge', () => {
  const held = [yjs, automerge].map((engine) => {
    const document = open(engine, 1, [])
    written(document, ({ text, registers }) => {
      text.insert(0, 'SECRET')
      registers.append('title', 1, 'HIDDEN')
    })
    written(document, ({ text, registers }) => {
      text.delete(0, 6)
      registers.remove('title')
    })
    const bytes = new TextDecoder('latin1').decode(document.snapshot().bytes)
    return [bytes.includes('SECRET'), bytes.includes('HIDDEN')]
  })
  expect(held).toEqual([
    [false, false],
    [true, true],
  ])
})

const onBoth = <Found>(apart: Apart, read: (document: EngineDocument) => Found): readonly Found[] =>
  [yjs, automerge].map((engine) => read(together(engine, apart)))

/** A document that has everything, in whatever order. */
function together(engine: Engine, { base, before, one, other }: Apart): EngineDocument {
  const common = base === undefined ? [] : [written(open(engine, 3, []), base)]
  const first = open(engine, 1, common)
  const updates = [
    ...(before === undefined ? [] : [written(first, before)]),
    written(first, one),
    written(open(engine, 2, common), other),
  ]
  return open(engine, 4, [...common, ...updates.toReversed()])
}

function open(engine: Engine, client: number, updates: readonly Update[]): EngineDocument {
  const document = engine.create()
  document.apply(updates)
  document.setClient(client)
  return document
}

function written(document: EngineDocument, change: (document: EngineDocument) => void): Update {
  const update = document.transact(() => change(document))
  if (update === undefined) throw new Error('it changed nothing')
  return update
}

const write =
  (text: string, size?: number, at = 0) =>
  (document: EngineDocument): void =>
    document.text.insert(at, text, size === undefined ? undefined : { size })

const mark =
  (from: number, count: number, size: number | null) =>
  (document: EngineDocument): void =>
    document.text.format(from, count, { size })

/** Each character with its size, if it has one. */
const marksOf = (apart: Apart): readonly string[] =>
  onBoth(apart, (document) => document.text.runs().flatMap(charactersOf).join(' '))

const charactersOf = ({ text, marks }: MarkedRun): readonly string[] =>
  [...text].map((character) => `${character}${JSON.stringify(marks['size']) ?? ''}`)
