import { isStamp } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { Json, RegisterRoot, Survivor, WriteId } from '../engine.ts'
import { freezeJson, storedJson, wellFormed } from './json.ts'

/** A live element of the root array, named by its Yjs id: items themselves come and go as Yjs merges and splits. */
interface Entry extends Survivor {
  readonly key: string
}

type DeletedRanges = readonly { readonly clock: number; readonly len: number }[]

/**
 * Registers over one root list of `[key, stamp, value]`. The index of live entries is built on the first
 * use, kept by our own writes as they happen, and told of finished transactions of others.
 */
export class YjsRegisters implements RegisterRoot {
  readonly #doc: Y.Doc
  readonly #root: Y.AbstractType<unknown>
  readonly #open: () => Y.Transaction
  /** The lists are replaced, never changed: a reader may keep one. */
  readonly #survivors = new Map<string, readonly Entry[]>()
  readonly #contested = new Set<string>()
  readonly #byClient = new Map<number, Map<number, Entry>>()
  /** The last element of the root as far as we have walked; others may have added more behind it. */
  #end: Y.ID | undefined

  constructor(doc: Y.Doc, name: string, open: () => Y.Transaction) {
    this.#doc = doc
    this.#root = doc.get(name)
    this.#open = open
    for (let item = this.#root._start; item !== null; item = item.right) this.#learnItem(item, 0)
  }

  survivors(key: string): readonly Survivor[] {
    return this.#survivors.get(key) ?? []
  }

  keys(): Iterable<string> {
    return this.#survivors.keys()
  }

  contested(): Iterable<string> {
    return this.#contested.values()
  }

  remove(key: string, only?: readonly WriteId[]): void {
    const transaction = this.#open()
    const entries = this.#survivors.get(key) ?? []
    const named = only === undefined ? entries : entries.filter((entry) => only.some((id) => sameId(id, entry)))
    for (const entry of named) {
      this.#deleteElement(transaction, entry)
      this.#byClient.get(entry.client)?.delete(entry.clock)
    }
    if (named.length > 0) this.#keep(key, named === entries ? [] : entries.filter((entry) => !named.includes(entry)))
  }

  append(key: string, stamp: Stamp, value: Json): WriteId {
    const transaction = this.#open()
    const { clientID, store } = this.#doc
    const stored = storedJson(value)
    const safeKey = wellFormed(key)
    const left = this.#last()
    const id = Y.createID(clientID, Y.getState(store, clientID))
    const content = new Y.ContentAny([[safeKey, stamp, stored]])
    new Y.Item(id, left, left && left.lastId, null, null, this.#root, null, content).integrate(transaction, 0)
    this.#end = id
    this.#add({ key: safeKey, stamp, value: stored, client: id.client, clock: id.clock })
    return { client: id.client, clock: id.clock }
  }

  /** Takes in what a finished transaction of others did. */
  observe({ deleteSet, beforeState, afterState }: Y.Transaction): void {
    for (const [client, ranges] of deleteSet.clients) this.#forget(client, ranges)
    for (const [client, clock] of afterState) {
      const before = beforeState.get(client) ?? 0
      if (clock > before) this.#learn(client, before)
    }
  }

  #learn(client: number, from: number): void {
    const structs = this.#doc.store.clients.get(client) ?? []
    for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
      const struct = structs[i]
      if (struct instanceof Y.Item && struct.parent === this.#root && struct.parentSub === null)
        this.#learnItem(struct, from)
    }
  }

  #learnItem(item: Y.Item, from: number): void {
    if (item.deleted || !(item.content instanceof Y.ContentAny)) return
    const { client, clock: first } = item.id
    for (let i = Math.max(0, from - first); i < item.content.arr.length; i++) {
      const element: unknown = item.content.arr[i]
      // What does not fit was written by foreign software: neither shown nor touched.
      if (!Array.isArray(element) || element.length !== 3) continue
      const [key, stamp, value]: unknown[] = element
      if (typeof key === 'string' && isStamp(stamp) && freezeJson(value))
        this.#add({ key, stamp, value, client, clock: first + i })
    }
  }

  /** The ranges may be far longer than what we hold, and what we hold than the ranges: walk the shorter. */
  #forget(client: number, ranges: DeletedRanges): void {
    const entries = this.#byClient.get(client)
    if (entries === undefined || entries.size === 0) return
    const length = ranges.reduce((sum, range) => sum + range.len, 0)
    if (length > entries.size) {
      for (const entry of [...entries.values()]) if (holds(ranges, entry.clock)) this.#drop(entries, entry)
      return
    }
    for (const range of ranges) {
      for (let clock = range.clock; clock < range.clock + range.len; clock++) {
        const entry = entries.get(clock)
        if (entry !== undefined) this.#drop(entries, entry)
      }
    }
  }

  #drop(entries: Map<number, Entry>, entry: Entry): void {
    entries.delete(entry.clock)
    this.#keep(
      entry.key,
      (this.#survivors.get(entry.key) ?? []).filter((other) => other !== entry),
    )
  }

  #add(entry: Entry): void {
    const beside = this.#survivors.get(entry.key)
    this.#keep(entry.key, beside === undefined ? [entry] : [...beside, entry].sort(byStampThenId))
    const entries = this.#byClient.get(entry.client)
    if (entries === undefined) this.#byClient.set(entry.client, new Map([[entry.clock, entry]]))
    else entries.set(entry.clock, entry)
  }

  #keep(key: string, entries: readonly Entry[]): void {
    if (entries.length === 0) this.#survivors.delete(key)
    else this.#survivors.set(key, entries)
    if (entries.length > 1) this.#contested.add(key)
    else this.#contested.delete(key)
  }

  #deleteElement(transaction: Y.Transaction, { client, clock }: Entry): void {
    const id = Y.createID(client, clock)
    const item = Y.getItemCleanStart(transaction, id)
    if (item.length > 1) Y.getItemCleanEnd(transaction, this.#doc.store, id)
    item.delete(transaction)
  }

  #last(): Y.Item | null {
    let item = this.#end === undefined ? this.#root._start : Y.getItem(this.#doc.store, this.#end)
    while (item !== null && item.right !== null) item = item.right
    if (item !== null) this.#end = item.lastId
    return item
  }
}

const sameId = (a: WriteId, b: WriteId): boolean => a.client === b.client && a.clock === b.clock
const byStampThenId = (a: Entry, b: Entry): number => a.stamp - b.stamp || a.client - b.client || a.clock - b.clock

function holds(ranges: DeletedRanges, clock: number): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range !== undefined && range.clock + range.len <= clock) low = middle + 1
    else high = middle
  }
  const range = ranges[low]
  return range !== undefined && range.clock <= clock
}
