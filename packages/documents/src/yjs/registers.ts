import type { Stamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { Json, RegisterRoot, Survivor, WriteId } from '../engine.ts'
import { byStampThenId, readEntries } from './entries.ts'
import type { Entry } from './entries.ts'
import { storedJson, wellFormed } from '../content/json.ts'

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
  /** By their ids, once something of others has to be found: many documents are only read, or written by one. */
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
    return this.#contested?.values() ?? none
  }

  remove(key: string, only?: readonly WriteId[]): void {
    const transaction = this.#open()
    // Marks by index, which only others make; Yjs knows nothing of this deletion there.
    if (this.#root._searchMarker !== null) this.#root._searchMarker.length = 0
    const named = only === undefined ? (this.#survivors.get(key) ?? none) : this.#named(key, only)
    for (const run of runsOf(named)) this.#deleteRun(transaction, run)
    this.#drop(named)
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
    return { client: id.client, clock: id.clock }
  }

  /** Takes in what a finished transaction did; what is known of it already, too. */
  observe({ deleteSet, beforeState, afterState }: Y.Transaction): void {
    for (const [client, ranges] of deleteSet.clients) this.#drop(this.#entriesIn(client, ranges))
    const fresh: Entry[] = []
    for (const [client, clock] of afterState) {
      const before = beforeState.get(client) ?? 0
      if (clock > before) this.#collect(fresh, client, before)
    }
    this.#add(fresh)
  }

  #collect(entries: Entry[], client: number, from: number): void {
    const structs = this.#doc.store.clients.get(client) ?? []
    for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
      const struct = structs[i]
      if (struct instanceof Y.Item && struct.parent === this.#root && struct.parentSub === null)
        collectLive(entries, struct, from)
    }
  }

  /** The ranges may be far longer than what we hold, and what we hold than the ranges: walk the shorter. */
  #entriesIn(client: number, ranges: DeletedRanges): readonly Entry[] {
    const entries = this.#ids().get(client)
    if (entries === undefined || entries.size === 0) return none
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

  #named(key: string, ids: readonly WriteId[]): readonly Entry[] {
    const known = this.#survivors.get(key) ?? none
    if (known.length <= few) return known.filter((entry) => ids.some((id) => isSame(id, entry)))
    const found = new Set(ids.map(({ client, clock }) => this.#ids().get(client)?.get(clock)))
    return [...found].filter((entry) => entry !== undefined).filter((entry) => entry.key === key)
  }

  #drop(entries: readonly Entry[]): void {
    const [first] = entries
    if (first === undefined) return
    for (const { client, clock } of entries) this.#byClient?.get(client)?.delete(clock)
    // Most often a write of ours has replaced all that there was.
    if (this.#survivors.get(first.key) === entries) return this.#keep(first.key, none)
    const dropped = new Set(entries)
    for (const key of new Set(entries.map((entry) => entry.key)))
      this.#keep(
        key,
        (this.#survivors.get(key) ?? none).filter((entry) => !dropped.has(entry)),
      )
  }

  /** All of a delivery at once: one by one, many of one key would take a time that grows with the square. */
  #add(entries: readonly Entry[]): void {
    let beside: Map<string, Entry[]> | undefined
    for (const entry of entries) {
      const known = this.#survivors.get(entry.key)
      if (known !== undefined && this.#isKnown(known, entry)) continue
      if (this.#byClient !== undefined) addById(this.#byClient, entry)
      const more = beside?.get(entry.key)
      if (more !== undefined) more.push(entry)
      else if (known !== undefined) (beside ??= new Map<string, Entry[]>()).set(entry.key, [entry])
      else this.#keep(entry.key, [entry])
    }
    for (const [key, more] of beside ?? []) {
      const known = this.#survivors.get(key) ?? none
      const [last, next] = [known.at(-1), more[0]]
      const all = known.concat(more)
      const sorted = more.length === 1 && (last === undefined || next === undefined || byStampThenId(last, next) < 0)
      this.#keep(key, sorted ? all : all.sort(byStampThenId))
    }
  }

  #isKnown(known: readonly Entry[], entry: Entry): boolean {
    if (known.length <= few) return known.some((other) => isSame(other, entry))
    return this.#ids().get(entry.client)?.has(entry.clock) ?? false
  }

  #ids(): Map<number, Map<number, Entry>> {
    if (this.#byClient !== undefined) return this.#byClient
    const clients = new Map<number, Map<number, Entry>>()
    for (const entries of this.#survivors.values()) for (const entry of entries) addById(clients, entry)
    this.#byClient = clients
    return clients
  }

  #keep(key: string, entries: readonly Entry[]): void {
    if (entries.length === 0) this.#survivors.delete(key)
    else this.#survivors.set(key, entries)
    if (entries.length > 1) (this.#contested ??= new Set<string>()).add(key)
    else this.#contested?.delete(key)
  }

  #deleteRun(transaction: Y.Transaction, { client, clock, length }: Run): void {
    const end = clock + length
    for (let at = clock; at < end;) {
      const item = Y.getItemCleanStart(transaction, Y.createID(client, at))
      at += item.length
      if (at > end) Y.getItemCleanEnd(transaction, this.#doc.store, Y.createID(client, end - 1))
      item.delete(transaction)
    }
  }

  #last(): Y.Item | null {
    let item = this.#end === undefined ? this.#root._start : Y.getItem(this.#doc.store, this.#end)
    while (item !== null && item.right !== null) item = item.right
    if (item !== null) this.#end = item.lastId
    return item
  }
}

const none: readonly never[] = []

interface Run extends WriteId {
  readonly length: number
}

/** Entries that follow each other, as one: cut off one by one, all behind them would be copied each time. */
function runsOf(entries: readonly Entry[]): readonly Run[] {
  const runs: { client: number; clock: number; length: number }[] = []
  for (const { client, clock } of entries) {
    const last = runs.at(-1)
    if (last?.client === client && last.clock + last.length === clock) last.length++
    else runs.push({ client, clock, length: 1 })
  }
  return runs
}

/** So many survivors of a key are looked through rather than found by their ids. */
const few = 8

const isSame = (a: WriteId, b: WriteId): boolean => a.client === b.client && a.clock === b.clock

function addById(clients: Map<number, Map<number, Entry>>, entry: Entry): void {
  const own = clients.get(entry.client)
  if (own === undefined) clients.set(entry.client, new Map([[entry.clock, entry]]))
  else own.set(entry.clock, entry)
}

function collectLive(entries: Entry[], item: Y.Item, from: number): void {
  if (item.deleted) return
  for (const entry of readEntries(item)) if (entry.clock >= from) entries.push(entry)
}

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
