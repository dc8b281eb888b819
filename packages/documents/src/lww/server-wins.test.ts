import { expect, test } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { lastWriteWins } from './index.ts'

const engine = lastWriteWins({ unit: 'record', order: 'server-wins' })

function writable(client: number, ...known: Update[]): EngineDocument {
  const document = engine.create()
  document.apply(known)
  document.setClient(client)
  return document
}

/** Written on what the document shows, and placed in the log. */
function written(document: EngineDocument, value: string, seq?: number): Update {
  const update = document.transact(() => void document.registers.append('k', 1, value))
  if (update === undefined) throw new Error('nothing was written')
  return seq === undefined ? update : { ...update, seq }
}

const valueOf = ({ registers }: EngineDocument): unknown => registers.survivors('k')[0]?.value
const loaded = (...updates: Update[]): unknown => valueOf(writable(9, ...updates))

test('[DO235] what was made on a version that has not come waits, and is told once that comes', () => {
  const first = written(writable(1), 'first', 1)
  const second = written(writable(2, first), 'second', 2)
  const document = writable(3, second)
  expect([valueOf(document), document.pending()]).toEqual([undefined, true])
  expect(engine.changesOfEach([], [second, first]).map(({ whole }) => whole)).toEqual([false, true])
  const again = writable(4, document.snapshot(), first)
  document.apply([first])
  expect([document, again].map((each) => [valueOf(each), each.pending()])).toEqual([
    ['second', false],
    ['second', false],
  ])
})

test('[DO235] one that arrived earlier and comes later turns the record to its side, with what was made on it', () => {
  const [early, late] = [written(writable(1), 'early', 1), written(writable(2), 'late', 2)]
  const onLate = written(writable(3, late), 'on late', 3)
  const onEarly = written(writable(4, early), 'on early', 4)
  const document = writable(5, late, onLate)
  expect(valueOf(document)).toBe('on late')
  const saved = document.snapshot()
  document.apply([early])
  expect(valueOf(document)).toBe('early')
  document.apply([onEarly])
  expect(valueOf(document)).toBe('on early')
  expect([loaded(onEarly, saved, early), loaded(document.snapshot(), onLate, late)]).toEqual(['on early', 'on early'])
})

test('[DO235] dropped is dropped, whatever is made on it afterwards by those who do not know', () => {
  const [first, dropped] = [written(writable(1), 'first', 1), written(writable(2), 'dropped', 2)]
  const document = writable(5, first, dropped)
  const author = writable(2, dropped)
  for (let seq = 3; seq < 6; seq++) document.apply([written(author, `on dropped ${seq}`, seq)])
  expect([valueOf(document), document.pending()]).toEqual(['first', false])
  expect(loaded(document.snapshot(), dropped)).toBe('first')
  // A copy from before it had its place.
  const saved = document.snapshot()
  document.apply([{ encoding: dropped.encoding, bytes: dropped.bytes }])
  expect(document.snapshot()).toEqual(saved)
})

test('[DO235] what has not arrived is seen by its author until another is first', () => {
  const author = writable(1)
  const [one, two] = [written(author, 'one'), written(author, 'two')]
  expect(valueOf(author)).toBe('two')
  author.apply([written(writable(2), 'theirs', 4)])
  expect(valueOf(author)).toBe('theirs')
  // It had been first: the answer to the author was late.
  author.apply([{ ...one, seq: 2 }])
  expect(valueOf(author)).toBe('two')
  author.apply([{ ...two, seq: 5 }])
  expect(valueOf(author)).toBe('two')
})

test('[DO235] a snapshot takes a few bytes for each version, and its content once', () => {
  const document = writable(1)
  const long = 'x'.repeat(1000)
  const all = Array.from({ length: 200 }, (_, i) => written(document, long, i + 1))
  document.apply(all)
  for (const each of [document, writable(2, ...all.toReversed())]) {
    const { length } = each.snapshot().bytes
    expect(length).toBeGreaterThan(1000)
    expect(length).toBeLessThan(1000 + 200 * 16)
  }
})

test('[DO235] of many that were made on one version a snapshot keeps the first, and of the others their ids', () => {
  const count = 1000
  const long = 'x'.repeat(1000)
  const all = Array.from({ length: count }, (_, i) => written(writable(i + 10), long, i + 2))
  const document = writable(1, ...all, written(writable(2), 'first', 1))
  expect(valueOf(document)).toBe('first')
  expect(document.snapshot().bytes.length).toBeLessThan(count * 10)
})
