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
  /** Made when first needed, like all that most documents do without: ten thousand of them may be open. */
  #contested: Set<string> | undefined
  /** By their ids, once something came from elsewhere: many documents are only read, or written by one. */
  #byClient: Map<number, Map<number, Entry>> | undefined
  /** The last element of the root as far as we have walked; others may have added more behind it. */
  #end: Y.ID | undefined

  constructor(doc: Y.Doc, name: string, open: () => Y.Transaction) {
    this.#doc = doc
    this.#root = doc.get(name)
    this.#open = open
    const entries: Entry[] = []
    for (let item = this.#root._start; item !== null; item = item.right) collectLive(entries, item, 0)
    this.#add(entries)
  }

  survivors(key: string): readonly Survivor[] {
    return this.#survivors.get(key) ?? none
  }

  keys(): Iterable<string> {
    return this.#survivors.keys()
  }

  contested(): Iterable<string> {
    return this.#contested?.values() ?? []
  }

  remove(key: string, only?: readonly WriteId[]): void {
    const transaction = this.#open()
    // Marks by index, which only others make; Yjs knows nothing of this deletion there.
    if (this.#root._searchMarker !== null) this.#root._searchMarker.length = 0
    const entries = this.#survivors.get(key)
    if (entries === undefined) return
    const names = only && new Set(only.map(nameOf))
    const removed = names === undefined ? entries : entries.filter((entry) => names.has(nameOf(entry)))
    for (const entry of removed) {
      this.#deleteElement(transaction, entry)
      this.#byClient?.get(entry.client)?.delete(entry.clock)
    }
    this.#keep(key, names === undefined ? [] : entries.filter((entry) => !names.has(nameOf(entry))))
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
    this.#add([{ key: safeKey, stamp, value: stored, client: id.client, clock: id.clock }])
    return id
  }

  /** Takes in what a finished transaction did; what is known of it already, too. */
  observe({ deleteSet, beforeState, afterState }: Y.Transaction): void {
    const known = (this.#byClient ??= this.#toClients())
    for (const [client, ranges] of deleteSet.clients) this.#drop(entriesIn(known.get(client), ranges))
    const fresh: Entry[] = []
    for (const [client, clock] of afterState) {
      const before = beforeState.get(client) ?? 0
      if (clock > before) this.#collect(fresh, client, before)
    }
    this.#add(fresh.filter(({ client, clock }) => known.get(client)?.has(clock) !== true))
  }

  #collect(entries: Entry[], client: number, from: number): void {
    const structs = this.#doc.store.clients.get(client) ?? []
    for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
      const struct = structs[i]
      if (struct instanceof Y.Item && struct.parent === this.#root && struct.parentSub === null)
        collectLive(entries, struct, from)
    }
  }

  #drop(entries: readonly Entry[]): void {
    const dropped = new Set(entries)
    for (const key of new Set(entries.map((entry) => entry.key)))
      this.#keep(
        key,
        (this.#survivors.get(key) ?? []).filter((entry) => !dropped.has(entry)),
      )
    for (const { client, clock } of entries) this.#byClient?.get(client)?.delete(clock)
  }

  /** All of a delivery at once: one by one, many of one key would take a time that grows with the square. */
  #add(entries: readonly Entry[]): void {
    let beside: Map<string, Entry[]> | undefined
    for (const entry of entries) {
      if (this.#byClient !== undefined) addById(this.#byClient, entry)
      const more = beside?.get(entry.key)
      if (more !== undefined) more.push(entry)
      else if (this.#survivors.has(entry.key)) (beside ??= new Map<string, Entry[]>()).set(entry.key, [entry])
      else this.#keep(entry.key, [entry])
    }
    for (const [key, more] of beside ?? [])
      this.#keep(key, [...(this.#survivors.get(key) ?? []), ...more].sort(byStampThenId))
  }

  #toClients(): Map<number, Map<number, Entry>> {
    const clients = new Map<number, Map<number, Entry>>()
    for (const entries of this.#survivors.values()) for (const entry of entries) addById(clients, entry)
    return clients
  }

  #keep(key: string, entries: readonly Entry[]): void {
    if (entries.length === 0) this.#survivors.delete(key)
    else this.#survivors.set(key, entries)
    if (entries.length > 1) (this.#contested ??= new Set()).add(key)
    else this.#contested?.delete(key)
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

const none: readonly Entry[] = []

function addById(clients: Map<number, Map<number, Entry>>, entry: Entry): void {
  const own = clients.get(entry.client)
  if (own === undefined) clients.set(entry.client, new Map([[entry.clock, entry]]))
  else own.set(entry.clock, entry)
}

/** The ranges may be far longer than what we hold, and what we hold than the ranges: walk the shorter. */
function entriesIn(entries: ReadonlyMap<number, Entry> | undefined, ranges: DeletedRanges): readonly Entry[] {
  if (entries === undefined || entries.size === 0) return []
  const length = ranges.reduce((sum, range) => sum + range.len, 0)
  if (length > entries.size) return [...entries.values()].filter((entry) => holds(ranges, entry.clock))
  const found: Entry[] = []
  for (const range of ranges) {
    for (let clock = range.clock; clock < range.clock + range.len; clock++) {
      const entry = entries.get(clock)
      if (entry !== undefined) found.push(entry)
    }
  }
  return found
}

function collectLive(entries: Entry[], item: Y.Item, from: number): void {
  if (item.deleted) return
  for (const entry of readEntries(item)) if (entry.clock >= from) entries.push(entry)
}

/** The entries of an item, deleted or not. What does not fit was written by foreign software: neither shown nor touched. */
export function readEntries({ id: { client, clock: first }, content }: Y.Item): readonly Entry[] {
  const entries: Entry[] = []
  if (!(content instanceof Y.ContentAny)) return entries
  for (const [i, element] of content.arr.entries()) {
    if (!Array.isArray(element) || element.length !== 3) continue
    const [key, stamp, value]: unknown[] = element
    if (typeof key === 'string' && isStamp(stamp) && freezeJson(value))
      entries.push({ key, stamp, value, client, clock: first + i })
  }
  return entries
}

export const nameOf = ({ client, clock }: WriteId): string => `${client}.${clock}`
export const byStampThenId = (a: Survivor, b: Survivor): number =>
  a.stamp - b.stamp || a.client - b.client || a.clock - b.clock

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
