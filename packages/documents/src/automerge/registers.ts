import type { Stamp } from '@rejoin/base'
import type { Json, RegisterRoot, Survivor, WriteId } from '../engine.ts'
import { wellFormed } from '../content/json.ts'
import { byStampThenId, entryText, readEntry, readSurvivors } from './entries.ts'
import { opIdOf } from './library.ts'
import { genesis } from './genesis.ts'
import type { State } from './state.ts'

/** What is known of a key. Replaced, never changed: a reader may keep the list. */
interface Known {
  readonly survivors: readonly Survivor[]
  /** Whether something stands there that is no entry. */
  readonly foreign: boolean
}

/** Registers over the map `r` of Automerge, whose concurrent values are the survivors. Keys are read when first asked for. */
export class AutomergeRegisters implements RegisterRoot {
  readonly #state: State
  readonly #known = new Map<string, Known>()
  /** Of the keys that are known. */
  readonly #contested = new Set<string>()
  /** Whether every key is known. */
  #whole = false

  constructor(state: State) {
    this.#state = state
  }

  survivors(key: string): readonly Survivor[] {
    return this.#of(wellFormed(key)).survivors
  }

  *keys(): Iterable<string> {
    for (const [key, { survivors }] of this.#all()) if (survivors.length > 0) yield key
  }

  contested(): Iterable<string> {
    this.#all()
    return this.#contested.values()
  }

  remove(key: string, only?: readonly WriteId[]): void {
    const transaction = this.#state.open('registers')
    const safeKey = wellFormed(key)
    const { survivors, foreign } = this.#of(safeKey)
    const named = only === undefined ? survivors : survivors.filter((each) => only.some((id) => isSame(id, each)))
    if (named.length === 0) return
    if (named.length === survivors.length && !foreign) transaction.removeKey(safeKey, survivors)
    else {
      const { object: obj } = genesis.registers
      transaction.write([{ action: 'del', obj, key: safeKey, pred: named.map(opIdOf) }])
    }
    this.#keep(safeKey, { survivors: survivors.filter((each) => !named.includes(each)), foreign })
  }

  append(key: string, stamp: Stamp, value: Json): WriteId {
    const transaction = this.#state.open('registers')
    const safeKey = wellFormed(key)
    const text = entryText(stamp, value)
    const { survivors, foreign } = this.#of(safeKey)
    let id: WriteId
    if (survivors.length === 0 && !foreign) id = transaction.putKey(safeKey, stamp, text)
    else {
      const { object: obj } = genesis.registers
      const clock = transaction.write([{ action: 'set', obj, key: safeKey, value: text, pred: [] }])
      id = { client: transaction.client, clock }
    }
    const wrote = readEntry(text, id)
    const next = wrote === undefined ? survivors : [...survivors, wrote].sort(byStampThenId)
    this.#keep(safeKey, { survivors: next, foreign })
    return id
  }

  /** How many keys are known. */
  get known(): number {
    return this.#known.size
  }

  /** Others have written, nobody says what. */
  forget(): void {
    this.#known.clear()
    this.#contested.clear()
    this.#whole = false
  }

  /** Others have made these changes. */
  observe(changes: readonly Uint8Array[]): void {
    const { library } = this.#state
    const ops = changes.flatMap((bytes) => library.decodeChange(bytes).ops)
    const touched = new Set(ops.filter(({ obj }) => obj === genesis.registers.object).map(({ key }) => key))
    for (const key of touched) {
      if (key === undefined) continue
      this.#known.delete(key)
      this.#contested.delete(key)
      if (this.#whole) this.#keep(key, this.#read(key))
    }
  }

  #of(key: string): Known {
    this.#state.check()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    return this.#whole ? nothing : this.#keep(key, this.#read(key))
  }

  #keep(key: string, known: Known): Known {
    this.#known.set(key, known)
    if (known.survivors.length > 1) this.#contested.add(key)
    else this.#contested.delete(key)
    return known
  }

  #read(key: string): Known {
    const stored = this.#state.read('registers', [], (raw, object) => raw.getAll(object, key))
    const survivors = readSurvivors(stored)
    return { survivors, foreign: survivors.length < stored.length }
  }

  #all(): ReadonlyMap<string, Known> {
    this.#state.check()
    if (!this.#whole) {
      for (const key of this.#state.read('registers', [], (raw, object) => raw.keys(object))) this.#of(key)
      this.#whole = true
    }
    return this.#known
  }
}

const nothing: Known = { survivors: [], foreign: false }

const isSame = (a: WriteId, b: WriteId): boolean => a.client === b.client && a.clock === b.clock
