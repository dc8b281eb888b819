import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { device } from './bound.test.helper.ts'
import { Heap } from './heap.ts'
import { adopt, yjs } from './index.ts'
import { anySteps, feed, sentBy, settled, stateOf } from './order.test.helper.ts'
import { WaitingSections } from './waiting-sections.ts'

/** Two people type in turn, each seeing part of what the other does; their updates in an order in which they may come. */
function forgotten(): readonly Update[] {
  const [one, other] = [yjs.create(), yjs.create()]
  one.setClient(1)
  other.setClient(2)
  const type = (document: EngineDocument, at: number, unit: string): Update => {
    const update = document.transact(() => document.text.insert(at, unit))
    if (update === undefined) throw new Error('nothing was typed')
    return update
  }
  const t = type(other, 0, 't')
  one.apply([t])
  const d = type(one, 0, 'd')
  const c = type(other, 1, 'c')
  other.apply([d])
  const h = type(other, 1, 'h')
  one.apply([c, h])
  const e = type(one, 1, 'e')
  const f = type(one, 4, 'f')
  return [t, h, f, c, d, e]
}

test('[DO250] a schedule of single updates after which bare Yjs leaves waiting what could go in, and we do not', () => {
  const updates = forgotten()
  const bare = new Y.Doc()
  for (const update of updates) feed(bare, update)
  // As of Yjs 13.6: once this fails, Yjs has mended it.
  expect([bare.getText('t').toString(), bare.store.pendingStructs !== null]).toEqual(['dtc', true])
  const provided = new Y.Doc()
  const adopted = adopt(provided)
  for (const update of updates) feed(provided, update)
  const ours = yjs.create()
  for (const update of updates) ours.apply([update])
  for (const document of [ours, adopted]) expect([document.text.read(), document.pending()]).toEqual(['dehtfc', false])
})

const anyDelivery = fc.record({
  steps: anySteps,
  ranks: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 9 }),
})

/** The updates in another order, some of them twice, in deliveries of a few. */
function deliveries({ steps, ranks, cuts }: typeof anyDelivery extends fc.Arbitrary<infer T> ? T : never): Update[][] {
  const sent = sentBy(steps)
  const ranked = [...sent, ...sent.filter((_, i) => (ranks[i] ?? 0) % 4 === 0)]
    .map((update, i) => ({ update, rank: ranks[i % ranks.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ update }) => update)
  const result: Update[][] = []
  for (let i = 0; i < ranked.length;) {
    const next = i + (cuts[result.length % cuts.length] ?? 1)
    result.push(ranked.slice(i, next))
    i = next
  }
  return result
}

test('[DO250] after each delivery all has gone in that could, whatever comes when, in what pieces and encoding', () => {
  const seen = { early: 0, collected: 0, late: 0 }
  fc.assert(
    fc.property(anyDelivery, (delivery) => {
      const ours = device(1)
      const unbound = yjs.create()
      const provided = new Y.Doc({ guid: '' })
      const adopted = adopt(provided)
      const given: Update[] = []
      for (const updates of deliveries(delivery)) {
        given.push(...updates)
        ours.document.apply(updates)
        unbound.apply(updates)
        // Half by the provider, half by us.
        if (given.length % 2 === 0) adopted.apply(updates)
        else provided.transact(() => updates.forEach((update) => feed(provided, update)))
        const { doc, waits } = settled(given)
        for (const each of [ours.under.doc, provided]) expect(stateOf(each)).toBe(stateOf(doc))
        expect(unbound.text.read()).toBe(doc.getText('t').toString())
        for (const document of [ours.document, unbound, adopted]) expect(document.pending()).toBe(waits)
        if (waits) seen.early++
      }
      expect(ours.document.pending()).toBe(false)
      const copy = new Y.Doc({ guid: '' })
      feed(copy, unbound.snapshot())
      expect(stateOf(copy)).toBe(stateOf(ours.under.doc))
      for (const structs of ours.under.doc.store.clients.values())
        if (structs.some((struct) => struct instanceof Y.GC)) seen.collected++
      if (given.length > 10) seen.late++
    }),
    { numRuns: 150 },
  )
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20)
})

test('[DO250] what is written here lets go in what waited for it, with the next delivery, also if that waits itself', () => {
  const copyOf = (...known: readonly Update[]): EngineDocument => {
    const document = yjs.create()
    document.apply(known)
    return document
  }
  const typed = (document: EngineDocument, client: number, unit: string): Update => {
    document.setClient(client)
    const update = document.transact(() => document.text.insert(document.text.length, unit))
    if (update === undefined) throw new Error('nothing was typed')
    return update
  }
  const here = yjs.create()
  const first = typed(copyOf(), 1, 'a')
  const answer = typed(copyOf(first), 2, 'b')
  const later = typed(copyOf(first, answer, typed(copyOf(first, answer), 3, 'c')), 4, 'd')
  here.apply([answer])
  expect(here.pending()).toBe(true)
  // Written anew after a loss, under the same client id.
  typed(here, 1, 'a')
  here.apply([later])
  expect([here.text.read(), here.pending()]).toEqual(['ab', true])
})

/** So many updates of two people who see each other's, each built on the one before. */
function conversation(count: number): readonly Update[] {
  const people = [device(1), device(2)]
  return Array.from({ length: count }, (_, i) => {
    const [speaker, listener] = i % 2 === 0 ? people : people.toReversed()
    const { text } = (speaker ?? device(1)).document
    const update = speaker?.document.transact(() => {
      text.insert(text.length >> 1, 'ab')
      if (i % 5 === 4) text.delete(0, 1)
    })
    if (update === undefined) throw new Error('nothing was written')
    listener?.document.apply([update])
    return update
  })
}

const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map((item, i) => ({ item, rank: (i * 7919) % 1009 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

test.each([
  ['shuffled', shuffled],
  ['reversed', (updates: readonly Update[]) => updates.toReversed()],
  ['twice and shuffled', (updates: readonly Update[]) => shuffled([...updates, ...updates])],
])('[DO251] nothing is placed before all that it lacks has come, and nothing is merged to wait: %s', (_, order) => {
  const updates = conversation(300)
  const whole = yjs.create()
  const places = vi.spyOn(Y.Item.prototype, 'getMissing')
  const merges = vi.spyOn(Y.UpdateEncoderV2.prototype, 'toUint8Array')
  whole.apply(updates)
  const [atOnce, singly] = [yjs.create(), yjs.create()]
  atOnce.apply(order(updates))
  for (const update of order(updates)) singly.apply([update])
  const counted = [places.mock.calls.length, merges.mock.calls.length]
  for (const spy of [places, merges]) spy.mockRestore()
  // One item each, which three documents place once.
  expect(counted).toEqual([3 * updates.length, 0])
  for (const each of [atOnce, singly]) expect([each.text.read(), each.pending()]).toEqual([whole.text.read(), false])
})

test('[DO251] a heap hands out the least clock first, whatever is put in meanwhile', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { freq: 3 })), (steps) => {
      const heap = new Heap<string>()
      const model: number[] = []
      for (const clock of steps) {
        expect([heap.least, heap.isEmpty]).toEqual([model[0] ?? Infinity, model.length === 0])
        if (clock === null) expect(heap.pop()).toBe(model.length === 0 ? undefined : `of ${model.shift()}`)
        else {
          heap.push(clock, `of ${clock}`)
          model.push(clock)
          model.sort((a, b) => a - b)
        }
      }
    }),
  )
})

test('[DO252] what is delivered in one call goes in as one transaction, whatever it sets free', () => {
  const updates = shuffled(conversation(60))
  const { document, under } = device(3)
  document.apply(updates.slice(0, 30))
  expect(document.pending()).toBe(true)
  let transactions = 0
  under.doc.on('afterTransaction', () => void transactions++)
  document.apply(updates.slice(30))
  expect([transactions, document.pending()]).toEqual([1, false])
})

test('[DO253] what comes again while it waits takes no more room, and a snapshot holds it once', () => {
  const [first, ...rest] = conversation(60)
  if (first === undefined) throw new Error('nothing was said')
  const document = yjs.create()
  document.apply(rest)
  const once = document.snapshot()
  for (let i = 0; i < 3; i++) for (const update of shuffled(rest)) document.apply([update])
  document.apply([once])
  expect(document.snapshot()).toEqual(once)
  const copy = yjs.create()
  copy.apply([once])
  expect(copy.snapshot()).toEqual(once)
  for (const each of [document, copy]) each.apply([first])
  const whole = yjs.create()
  whole.apply([first, ...rest])
  for (const each of [document, copy]) expect([each.text.read(), each.pending()]).toEqual([whole.text.read(), false])
})

test('[DO253] of two that begin alike the longer waits; what needs less waits beside what needs more', () => {
  const item = (clock: number, length: number): Y.Item =>
    new Y.Item(Y.createID(1, clock), null, Y.createID(2, 0), null, null, null, null, new Y.ContentDeleted(length))
  const waiting = new WaitingSections()
  const [short, long, collected] = [[item(5, 1)], [item(5, 1), item(6, 1)], [new Y.GC(Y.createID(1, 5), 1)]]
  const lacks = { client: 2, clock: 0 }
  for (const structs of [short, long, [item(5, 1)], collected, [new Y.GC(Y.createID(1, 5), 1)]])
    waiting.add({ structs, at: 0 }, [lacks, { client: 1, clock: 5 }])
  expect(waiting.all().get(1)).toEqual([...long, ...collected])
  const taken = [waiting.take(2, 1), waiting.take(1, 9), waiting.take(2, 1)]
  expect(new Set(taken.map((section) => section?.structs))).toEqual(new Set([long, collected, undefined]))
  expect([waiting.isEmpty, waiting.take(1, 9), [...waiting.lacked]]).toEqual([true, undefined, []])
})

test('[DO253] deletions of what has not come wait with it, and outlive a snapshot', () => {
  const source = yjs.create()
  source.setClient(1)
  const written = source.transact(() => source.text.insert(0, 'abc'))
  const deleted = source.transact(() => source.text.delete(1, 1))
  if (written === undefined || deleted === undefined) throw new Error('nothing changed')
  const early = yjs.create()
  early.apply([deleted])
  expect(early.pending()).toBe(true)
  const copy = yjs.create()
  copy.apply([early.snapshot(), deleted])
  for (const each of [early, copy]) each.apply([written])
  for (const each of [early, copy]) expect([each.text.read(), each.pending()]).toEqual(['ac', false])
})

test('[DO254] in an adopted document what waits is left to Yjs, so that the provider keeps it and can set it free', () => {
  const [first, ...rest] = conversation(20)
  if (first === undefined) throw new Error('nothing was said')
  const provided = new Y.Doc()
  const adopted = adopt(provided)
  adopted.apply(rest)
  const kept = Y.encodeStateAsUpdate(provided)
  feed(provided, first)
  const copy = new Y.Doc()
  Y.applyUpdate(copy, kept)
  feed(copy, first)
  expect(adopted.pending()).toBe(false)
  expect([adopted.text.read(), copy.getText('t').toString()]).toEqual([
    provided.getText('t').toString(),
    adopted.text.read(),
  ])
  expect(adopted.text.length).toBeGreaterThan(30)
})
