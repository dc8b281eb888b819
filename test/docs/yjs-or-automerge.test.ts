import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RejoinError } from '@rejoin/base'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../docs/yjs-or-automerge.md'), 'utf8')
const engines: readonly Engine[] = [yjs, await openAutomerge()]

/** What the page says of both engines that no machine and no clock changes, as its table has it. */
const facts: Readonly<Record<string, (engine: Engine) => number | string>> = {
  'bytes of the update of one letter, typed behind others': (engine) => typed(engine, 10).at(-1)?.bytes.length ?? 0,
  'bytes of a hundred such updates': (engine) => bytesOf(typed(engine, 100)),
  'bytes of these squashed': (engine) => engine.squash(typed(engine, 100)).bytes.length,
  'bytes of a snapshot of the hundred letters': (engine) =>
    open(engine, 1, ...typed(engine, 100)).snapshot().bytes.length,
  'bytes of a snapshot after 10,000 letters were written and deleted': (engine) => {
    const document = open(engine, 1)
    change(document, () => document.text.insert(0, letters(10_000)))
    change(document, () => document.text.delete(0, 10_000))
    expect(document.text.length).toBe(0)
    return document.snapshot().bytes.length
  },
  'values that a register keeps of two written at once': (engine) => concurrent(engine, 0).length,
  '1 writes `one`, 2 at once `two`, with equal stamps: the winner': (engine) => concurrent(engine, 0).at(-1) ?? 'none',
  'the same, but 1 has written two other fields before': (engine) => concurrent(engine, 2).at(-1) ?? 'none',
  'at one place 1 types `abc`, 2 at once `xyz`': (engine) => typedAtOnce(engine, (index) => index),
  'the same, each letter before the last one': (engine) => typedAtOnce(engine, () => 0),
  'an editor bound to a text': (engine) => {
    const document = open(engine, 1)
    const host = { changed: () => undefined, freshClient: () => 2, failed: () => undefined }
    try {
      document.bind(host)
      return 'yes'
    } catch (error) {
      return error instanceof RejoinError ? error.kind : 'another error'
    }
  },
}

test.each(Object.entries(facts))('%s', (name, fact) => {
  const cells = engines
    .map((engine) => fact(engine))
    .map((it) => (typeof it === 'number' ? it.toLocaleString('en') : `\`${it}\``))
  expect(page).toContain(`| ${name} | ${cells.join(' | ')} |\n`)
})

test('the page has no line of this kind that is not tried', () => {
  const [, table = ''] = page.split('## The same on every machine')
  const lines = (table.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '))
  expect(lines.slice(1).map((line) => line.split(' | ')[0]?.slice(2))).toEqual(Object.keys(facts))
})

function open(engine: Engine, client: number, ...known: readonly Update[]): EngineDocument {
  const document = engine.create()
  document.apply(known)
  document.setClient(client)
  return document
}

function change(document: EngineDocument, write: () => void): Update {
  const update = document.transact(write)
  if (update === undefined) throw new Error('nothing was written')
  return update
}

function typed(engine: Engine, count: number): readonly Update[] {
  const document = open(engine, 1)
  return [...letters(count)].map((letter, i) => change(document, () => document.text.insert(i, letter)))
}

const bytesOf = (updates: readonly Update[]): number => updates.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** The values of a key that two wrote with one stamp, the winner last; `before` other writes had the first. */
function concurrent(engine: Engine, before: number): readonly string[] {
  const [first, second] = [open(engine, 1), open(engine, 2)]
  const others = Array.from({ length: before }, (_, i) =>
    change(first, () => first.registers.append(`other ${i}`, 1, i)),
  )
  const one = change(first, () => first.registers.append('key', 1, 'one'))
  const two = change(second, () => second.registers.append('key', 1, 'two'))
  return agreed([first, second], [...others, one, two], ({ registers }) =>
    registers.survivors('key').map(({ value }) => String(value)),
  )
}

function typedAtOnce(engine: Engine, at: (index: number) => number): string {
  const typing = ['abc', 'xyz'].map((text, i) => {
    const document = open(engine, i + 1)
    return {
      document,
      updates: [...text].map((unit, index) => change(document, () => document.text.insert(at(index), unit))),
    }
  })
  const documents = typing.map(({ document }) => document)
  return agreed(
    documents,
    typing.flatMap(({ updates }) => updates),
    ({ text }) => text.read(),
  )
}

function agreed<T>(
  documents: readonly EngineDocument[],
  updates: readonly Update[],
  read: (document: EngineDocument) => T,
): T {
  for (const document of documents) document.apply(updates)
  const [first, ...others] = documents.map(read)
  if (first === undefined) throw new Error('there are no documents')
  for (const other of others) expect(other).toEqual(first)
  return first
}

/** Without a pattern, so that no compression hides what they are. */
function letters(count: number): string {
  let state = 1
  const next = (): string =>
    String.fromCharCode(97 + (((state = Math.imul(state, 1_103_515_245) + 12_345) >>> 16) % 26))
  return Array.from({ length: count }, next).join('')
}
