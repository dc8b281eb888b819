import { nextStamp, noStamp, observeStamp } from '@rejoin/base'
import type { Clock, Stamp } from '@rejoin/base'
import type { EngineDocument, Update } from '@rejoin/documents'
import type { Json } from '@rejoin/schema'
import { symbolOf, symbolsIn, unitsOfSymbol } from '../fields/symbols.ts'
import type { Policy } from '../policies/policy.ts'
import type { Splice } from './mirror.ts'

/** What a transaction of one author sends to the others. */
export interface Sent {
  readonly update: Update
  readonly stamp: Stamp
}

/** An author's copy of the text, in an engine, as an app with that policy has it. */
export interface Copy {
  take(sent: readonly Sent[]): void
  /** Makes the splices one after another, as one transaction; undefined if there is nothing to write. */
  write(splices: readonly Splice[]): Sent | undefined
  /** Whether it shows something else than what was read last with the splices that were made then. */
  readonly isOther: boolean
  /** What it shows, by characters. */
  read(): Int32Array
  /** Names the versions that it lists, if they are in conflict and the policy has people see that; each set has its own. */
  readonly conflict: string | undefined
  versions(): readonly Int32Array[]
}

/** One text, of which every character merges. */
export class MergingCopy implements Copy {
  readonly conflict = undefined
  readonly #document: EngineDocument
  #isOther = false

  constructor(document: EngineDocument) {
    this.#document = document
  }

  take(sent: readonly Sent[]): void {
    this.#document.apply(sent.map(({ update }) => update))
    this.#isOther = true
  }

  write(splices: readonly Splice[]): Sent | undefined {
    const { text } = this.#document
    const update = this.#document.transact(() => {
      for (const { at, erased, first, count } of splices) {
        if (erased > 0) text.delete(unitsOfSymbol * at, unitsOfSymbol * erased)
        if (count > 0) text.insert(unitsOfSymbol * at, symbolsFrom(first, count))
      }
    })
    return update && { update, stamp: noStamp }
  }

  get isOther(): boolean {
    return this.#isOther
  }

  read(): Int32Array {
    this.#isOther = false
    return symbolsIn(this.#document.text.read())
  }

  versions(): readonly Int32Array[] {
    return [symbolsIn(this.#document.text.read())]
  }
}

/** One value that is the whole text: it is read, changed and written back over all versions that are seen. */
export class WholeCopy implements Copy {
  readonly #document: EngineDocument
  readonly #registers: Policy['registers']
  readonly #clock: Clock
  #stamp: Stamp = noStamp
  #text = ''

  constructor(document: EngineDocument, registers: Policy['registers'], clock: Clock) {
    this.#document = document
    this.#registers = registers
    this.#clock = clock
  }

  take(sent: readonly Sent[]): void {
    for (const { stamp } of sent) this.#stamp = observeStamp(this.#stamp, stamp, this.#clock.now())
    this.#document.apply(sent.map(({ update }) => update))
  }

  write(splices: readonly Splice[]): Sent | undefined {
    if (splices.length === 0) return undefined
    for (const { at, erased, first, count } of splices) {
      const [from, to] = [unitsOfSymbol * at, unitsOfSymbol * (at + erased)]
      this.#text = this.#text.slice(0, from) + symbolsFrom(first, count) + this.#text.slice(to)
    }
    const stamp = (this.#stamp = nextStamp(this.#stamp, this.#clock.now()))
    const update = this.#document.transact(() => {
      this.#document.registers.remove(key)
      this.#document.registers.append(key, stamp, this.#text)
    })
    return update && { update, stamp }
  }

  /** Also after a write: by the clock of the wall it can lose at once, to one whose clock is ahead. */
  get isOther(): boolean {
    return this.#shown() !== this.#text
  }

  read(): Int32Array {
    this.#text = this.#shown()
    return symbolsIn(this.#text)
  }

  get conflict(): string | undefined {
    const survivors = this.#registers === 'manual' ? this.#document.registers.survivors(key) : []
    return survivors.length > 1 ? survivors.map(({ client, clock }) => `${client}.${clock}`).join() : undefined
  }

  versions(): readonly Int32Array[] {
    return this.conflict === undefined
      ? [symbolsIn(this.#shown())]
      : this.#values().map((value) => symbolsIn(value as string))
  }

  /** Whoever shows several shows the last one first, and writes on that over all of them. */
  #shown(): string {
    const values = this.#values()
    const registers = this.#registers
    const chosen =
      values.length > 1 && typeof registers === 'object' && 'resolve' in registers
        ? registers.resolve(values)
        : values.at(-1)
    return (chosen ?? '') as string
  }

  /** Oldest first. */
  #values(): readonly Json[] {
    return this.#document.registers.survivors(key).map(({ value }) => value)
  }
}

const key = 'text'

function symbolsFrom(first: number, count: number): string {
  let symbols = ''
  for (let nth = 0; nth < count; nth++) symbols += symbolOf(first + nth)
  return symbols
}
