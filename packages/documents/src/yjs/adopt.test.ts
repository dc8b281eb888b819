import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { adopt, underlying, yjs } from './index.ts'

interface Adopted {
  readonly doc: Y.Doc
  readonly document: EngineDocument
  /** What the host was told, and of what failed. */
  readonly told: (Update | undefined)[]
  readonly failures: unknown[]
}

function adopted(doc = new Y.Doc()): Adopted {
  const document = adopt(doc)
  const told: (Update | undefined)[] = []
  const failures: unknown[] = []
  document.bind({
    changed: (update) => void told.push(update),
    freshClient: () => expect.unreachable('Yjs chooses the ids of its own documents'),
    failed: (error) => void failures.push(error),
  })
  return { doc, document, told, failures }
}

const provider = {}

/** What a provider does: sends each update of the one that did not come from there to the other one. */
function wire(one: Y.Doc, other: Y.Doc): void {
  one.on('update', (bytes: Uint8Array, origin: unknown) => {
    if (origin !== provider) Y.applyUpdate(other, bytes, provider)
  })
  other.on('update', (bytes: Uint8Array, origin: unknown) => {
    if (origin !== provider) Y.applyUpdate(one, bytes, provider)
  })
}

const write = ({ document }: Adopted, key: string, stamp: number, value: number): Update | undefined =>
  document.transact(() => {
    document.registers.remove(key)
    document.registers.append(key, stamp, value)
  })

const valuesOf = ({ document }: Adopted, key: string): unknown[] =>
  document.registers.survivors(key).map(({ value }) => value)

test('[DO48] what a provider brings is seen in registers, texts and lists that were read before', () => {
  const [one, other] = [adopted(), adopted()]
  const read = (): string => stateOf(other.document)
  read()
  wire(one.doc, other.doc)
  write(one, 'title', 1, 1)
  one.document.transact(() => {
    one.document.text.insert(0, 'typed', { bold: true })
    one.document.list.insert(0, [1, 2])
  })
  expect(read()).toBe(stateOf(one.document))
  write(other, 'title', 2, 2)
  expect(valuesOf(one, 'title')).toEqual([2])
})

test('[DO48] what was there before adoption is seen', () => {
  const doc = new Y.Doc()
  const source = yjs.create()
  source.setClient(1)
  const update = source.transact(() => {
    source.registers.append('title', 1, 'x')
    source.text.insert(0, 'bold', { bold: true })
  })
  if (update !== undefined) Y.applyUpdate(doc, update.bytes)
  expect(stateOf(adopt(doc))).toBe(stateOf(source))
})

test('[DO48] the host hears of the changes that others made, without an update, and not of ours', () => {
  const [one, other] = [adopted(), adopted()]
  wire(one.doc, other.doc)
  const update = write(one, 'title', 1, 1)
  expect(update).toBeDefined()
  expect([one.told, other.told]).toEqual([[], [undefined]])
  underlying(one.document).text.insert(0, 'by an editor')
  expect([one.told, other.told]).toEqual([[undefined], [undefined, undefined]])
  const copy = yjs.create()
  copy.apply(update === undefined ? [] : [update])
  one.document.apply([copy.snapshot()])
  expect(one.told).toHaveLength(1)
})

test('[DO48] the host reads what came, and may write in answer', () => {
  const [one, other] = [adopted(), new Y.Doc()]
  const answering = adopt(other)
  const seen: unknown[] = []
  answering.bind({
    changed: () => {
      const value = answering.registers.survivors('title').at(-1)?.value
      seen.push(value)
      answering.transact(() => answering.registers.append('seen', 1, value ?? null))
    },
    freshClient: () => 1,
    failed: () => undefined,
  })
  wire(one.doc, other)
  write(one, 'title', 1, 7)
  expect(seen).toEqual([7])
  expect(valuesOf(one, 'seen')).toEqual([7])
})

test('[DO48] it writes under the id of the Y.Doc, which Yjs changes when others write under it', () => {
  const one = adopted()
  write(one, 'a', 1, 1)
  const first = one.doc.clientID
  one.document.setClient(7)
  expect(one.document.clientId).toBe(first)
  const twin = new Y.Doc()
  Y.applyUpdate(twin, Y.encodeStateAsUpdate(one.doc))
  twin.clientID = first
  write(adopted(twin), 'b', 1, 2)
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(twin), provider)
  expect(one.document.clientId).not.toBe(first)
  write(one, 'c', 1, 3)
  expect(one.document.clientClock(first)).toBe(2)
  expect(one.document.clientClock(one.doc.clientID)).toBe(1)
})

test('[DO48] two documents over one Y.Doc see each other, also from inside a transaction', () => {
  const one = adopted()
  const other = adopted(one.doc)
  write(one, 'title', 1, 1)
  write(other, 'title', 2, 2)
  expect([valuesOf(one, 'title'), valuesOf(other, 'title')]).toEqual([[2], [2]])
  one.doc.transact(() => {
    write(one, 'title', 3, 3)
    one.doc.getArray('r').push([['title', 4, 4]])
  })
  expect([valuesOf(one, 'title'), valuesOf(other, 'title')]).toEqual([
    [3, 4],
    [3, 4],
  ])
})

test('[DO48] disposing of the document leaves the Y.Doc alone', () => {
  const one = adopted()
  write(one, 'title', 1, 1)
  one.document.dispose()
  one.doc.getText('t').insert(0, 'still there')
  expect(one.told).toEqual([])
  expect(valuesOf(adopted(one.doc), 'title')).toEqual([1])
})

test('[DO48] observers that throw spoil nothing', () => {
  const one = adopted()
  const error = new Error('of a view')
  one.doc.getArray('r').observe(() => {
    throw error
  })
  expect(write(one, 'title', 1, 1)).toBeDefined()
  expect(one.failures).toEqual([error])
  const unbound = adopt(one.doc)
  expect(() => unbound.transact(() => unbound.registers.append('title', 2, 2))).toThrow(error)
  expect(unbound.registers.survivors('title')).toHaveLength(2)
})

type Step =
  | { readonly kind: 'write'; readonly device: number; readonly key: string; readonly stamp: number }
  | { readonly kind: 'type'; readonly device: number; readonly at: number }
  | { readonly kind: 'read'; readonly device: number }
  /** A part of what waits between two devices arrives, in any order. */
  | { readonly kind: 'deliver'; readonly device: number; readonly pick: number; readonly count: number }

const device = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    device,
    key: fc.constantFrom('a', 'b'),
    stamp: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('type' as const), device, at: fc.nat() }),
  fc.record({ kind: fc.constant('read' as const), device }),
  fc.record({ kind: fc.constant('deliver' as const), device, pick: fc.nat(), count: fc.integer({ min: 1, max: 4 }) }),
)

test('[DO48] devices whose providers deliver late, in part and out of order end equal, by the survivors that nobody replaced', () => {
  let contested = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
      const devices = [adopted(), adopted(), adopted()]
      const waiting: Uint8Array[][] = [[], [], []]
      const surviving = new Map<string, Set<number>>()
      for (const [from, { doc }] of devices.entries())
        doc.on('update', (bytes: Uint8Array, origin: unknown) => {
          if (origin !== provider) waiting.forEach((queue, to) => void (to !== from && queue.push(bytes)))
        })
      const deliver = (to: number, pick: number): void => {
        const queue = waiting[to] ?? []
        const [bytes] = queue.splice(pick % queue.length, 1)
        const target = devices[to]
        if (bytes !== undefined && target !== undefined) Y.applyUpdate(target.doc, bytes, provider)
      }
      let value = 0
      const play = (each: Step): void => {
        const at = devices[each.device]
        if (at === undefined) return
        const { document } = at
        if (each.kind === 'read') stateOf(document)
        else if (each.kind === 'deliver') for (let i = 0; i < each.count; i++) deliver(each.device, each.pick)
        else if (each.kind === 'type')
          document.transact(() => document.text.insert(each.at % (document.text.length + 1), 'w', { bold: true }))
        else {
          const values = surviving.get(each.key) ?? new Set()
          for (const seen of document.registers.survivors(each.key)) values.delete(Number(seen.value))
          surviving.set(each.key, values.add(++value))
          write(at, each.key, each.stamp, value)
        }
      }
      for (const each of steps) play(each)
      waiting.forEach((queue, to) => {
        while (queue.length > 0) deliver(to, 0)
      })
      for (const each of devices) {
        expect(each.document.pending()).toBe(false)
        expect(stateOf(each.document)).toBe(stateOf(adopt(each.doc)))
        for (const [key, values] of surviving) expect(new Set(valuesOf(each, key))).toEqual(values)
      }
      contested += [...surviving.values()].filter(({ size }) => size > 1).length
      const [first, ...rest] = devices.map(({ document }) => stateOf(document))
      for (const state of rest) expect(state).toBe(first)
    }),
    { numRuns: 100 },
  )
  expect(contested).toBeGreaterThan(20)
})
