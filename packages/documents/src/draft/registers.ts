import type { Stamp } from '@rejoin/base'
import type { Json, RegisterRoot, Survivor, WriteId } from '../engine.ts'
import { byteLength, jsonBytes, operationBytes, removalBytes } from './weight.ts'

/**
 * What an edit writes waits here until its function has returned, and is dropped if it throws: so a failed
 * edit leaves no bytes, one edit writes a key at most once, and a document it does not touch costs nothing.
 */
export interface DraftContent {
  /** Whether something waits to be written. */
  readonly dirty: boolean
  /** Whether what waits makes the content larger. */
  readonly grows: boolean
  /** What the update of what waits takes, about, in bytes. */
  readonly weight: number
  /** Writes what waits; inside the engine's `transact`. */
  flush(stamp: Stamp): void
  /** Forgets what waits. */
  discard(): void
  /** The stored content was changed from outside. */
  refresh(): void
}

/** A value and when it was written; what waits has not been stamped yet and comes after everything stored. */
export interface StampedValue {
  readonly stamp: Stamp
  readonly value: Json
}

/** The registers of one part as an edit sees them: what it wrote so far over what is stored. */
export class DraftRegisters implements DraftContent {
  readonly #root: RegisterRoot
  /** The new value of a key; undefined if it is removed. */
  readonly #waiting = new Map<string, Json | undefined>()
  /** Of a key that is not written over as a whole: the writes that its new value replaces. */
  #replaces: Map<string, readonly WriteId[]> | undefined
  /** Keys `family/…` by family, built when first asked for. May hold keys that were removed since. */
  #families: Map<string, Set<string>> | undefined
  /** How often each family was changed, and all of them at once. */
  #versions: Map<string, number> | undefined
  #version = 0

  constructor(root: RegisterRoot) {
    this.#root = root
  }

  get dirty(): boolean {
    return this.#waiting.size > 0
  }

  /** Whether a stamp is needed to write what waits. */
  get appends(): boolean {
    for (const value of this.#waiting.values()) if (value !== undefined) return true
    return false
  }

  /** Our own keys tell of the entity's life, which must not end for want of room. */
  get grows(): boolean {
    for (const [key, value] of this.#waiting) if (value !== undefined && !key.startsWith('@')) return true
    return false
  }

  get weight(): number {
    let bytes = 0
    for (const [key, value] of this.#waiting)
      bytes += value === undefined ? removalBytes : operationBytes + byteLength(key) + jsonBytes(value)
    return bytes
  }

  has(key: string): boolean {
    return this.#waiting.has(key) ? this.#waiting.get(key) !== undefined : this.#root.survivors(key).length > 0
  }

  /** The values of a key, oldest first: what the edit wrote, or what is stored. */
  survivors(key: string): readonly StampedValue[] {
    if (this.#waiting.size === 0 || !this.#waiting.has(key)) return this.#root.survivors(key)
    const value = this.#waiting.get(key)
    return value === undefined ? [] : [{ stamp: Infinity, value }]
  }

  /** The value that wins by stamp. */
  winner(key: string): Json | undefined {
    if (this.#waiting.size > 0 && this.#waiting.has(key)) return this.#waiting.get(key)
    return this.#root.survivors(key).at(-1)?.value
  }

  /** Writes over everything that is seen under the key, or over the writes that are named. */
  put(key: string, value: Json, only?: readonly WriteId[]): void {
    this.#waiting.set(key, value)
    if (only === undefined) this.#replaces?.delete(key)
    else (this.#replaces ??= new Map<string, readonly WriteId[]>()).set(key, only)
    if (this.#families !== undefined) addToFamily(this.#families, key)
    this.#changed(key)
  }

  /** Writes over what is stored under the key and `goes`; the rest stays beside it. */
  putOver(key: string, value: Json, goes: (stored: Survivor) => boolean): void {
    this.put(key, value, this.#root.survivors(key).filter(goes))
  }

  remove(key: string): void {
    this.#waiting.set(key, undefined)
    this.#replaces?.delete(key)
    this.#changed(key)
  }

  /** All keys that hold a value, as a list of its own. */
  keys(): readonly string[] {
    return [...new Set([...this.#root.keys(), ...this.#waiting.keys()])].filter((key) => this.has(key))
  }

  /** The keys `family/…` that hold a value, in no particular order. */
  *keysOf(family: string): Generator<string> {
    this.#families ??= this.#toFamilies()
    for (const key of this.#families.get(family) ?? []) if (this.has(key)) yield key
  }

  /** Another number whenever what the keys `family/…` hold is another. */
  versionOf(family: string): number {
    return this.#version + (this.#versions?.get(family) ?? 0)
  }

  flush(stamp: Stamp): void {
    for (const [key, value] of this.#waiting) {
      this.#root.remove(key, this.#replaces?.get(key))
      if (value !== undefined) this.#root.append(key, stamp, value)
    }
    this.#clear()
  }

  discard(): void {
    if (this.#waiting.size > 0) this.#version++
    this.#clear()
  }

  refresh(): void {
    this.#families = undefined
    this.#version++
  }

  #clear(): void {
    this.#waiting.clear()
    this.#replaces = undefined
  }

  #changed(key: string): void {
    const family = familyOf(key)
    if (family === undefined) return
    this.#versions ??= new Map()
    this.#versions.set(family, (this.#versions.get(family) ?? 0) + 1)
  }

  #toFamilies(): Map<string, Set<string>> {
    const families = new Map<string, Set<string>>()
    for (const key of this.#root.keys()) addToFamily(families, key)
    for (const key of this.#waiting.keys()) addToFamily(families, key)
    return families
  }
}

function addToFamily(families: Map<string, Set<string>>, key: string): void {
  const family = familyOf(key)
  if (family === undefined) return
  const keys = families.get(family)
  if (keys === undefined) families.set(family, new Set([key]))
  else keys.add(key)
}

function familyOf(key: string): string | undefined {
  const slash = key.indexOf('/')
  return slash < 0 ? undefined : key.slice(0, slash)
}
