import { acceptValue } from '@rejoin/schema'
import type { Json, ListDraft } from '@rejoin/schema'
import type { DraftList } from '../draft/sequence.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { acceptList, checkIndex, checkRun } from './arguments.ts'
import { fitting } from './kind.ts'
import type { KindRules } from './kind.ts'

/** A document of its own. Indexes are those of the view, which leaves out stored values that do not fit. */
export const listRules: KindRules = {
  keys: 'none',
  draft: (access) => new ListField(access),
  initialise: (access, value) => new ListField(access).append(acceptList(access.field, value)),
  read: ({ field, document, misfit }) => (document === undefined ? [] : fitting(field, document.list.read(), misfit)),
}

class ListField implements ListDraft<unknown, Json> {
  readonly #access: FieldAccess
  /** Where the misfits are in the stored list, ascending; almost always none. Right for the version below. */
  #misfits: readonly number[] = []
  #version = -1

  constructor(access: FieldAccess) {
    this.#access = access
  }

  get length(): number {
    this.#access.reading()
    return this.#viewLength()
  }

  get(index: number): Json | undefined {
    this.#access.reading()
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.#viewLength()) return undefined
    const stored = this.#list.read()[this.#storedIndex(index)]
    const value = stored === undefined ? undefined : this.#access.field.fit(stored)
    return value?.ok ? value.value : undefined
  }

  values(): readonly Json[] {
    this.#access.reading()
    return fitting(this.#access.field, this.#list.read(), () => undefined)
  }

  insert(index: number, ...values: unknown[]): void {
    this.#access.writing()
    checkIndex(this.#access.field, index, this.#viewLength())
    this.#insert(this.#storedIndex(index), values)
  }

  push(...values: unknown[]): void {
    this.append(values)
  }

  /** `push` without a limit to the number of arguments. */
  append(values: readonly unknown[]): void {
    this.#access.writing()
    this.#insert(this.#list.length, values)
  }

  delete(index: number, count: number): void {
    this.#access.writing()
    checkRun(this.#access.field, index, count, this.#viewLength())
    // From the end, so that the indexes before stay right; misfits between stay where they are.
    for (let last = index + count; last > index;) {
      const end = this.#storedIndex(last - 1) + 1
      const before = this.#misfits.findLast((misfit) => misfit < end) ?? -1
      const start = Math.max(this.#storedIndex(index), before + 1)
      this.#change(
        () => this.#list.delete(start, end - start),
        (misfit) => (misfit >= end ? misfit - (end - start) : misfit),
      )
      last -= end - start
    }
  }

  #insert(at: number, values: readonly unknown[]): void {
    const accepted = values.map((value) => acceptValue(this.#access.field, value))
    this.#change(
      () => this.#list.insert(at, accepted),
      (misfit) => (misfit >= at ? misfit + accepted.length : misfit),
    )
  }

  /** Keeps the misfits right over a change of ours, if they were before. */
  #change(change: () => void, move: (misfit: number) => number): void {
    const known = this.#version === this.#list.version
    change()
    if (!known) return
    this.#misfits = this.#misfits.map(move)
    this.#version = this.#list.version
  }

  #viewLength(): number {
    return this.#list.length - this.#knownMisfits().length
  }

  #storedIndex(index: number): number {
    let stored = index
    for (const misfit of this.#knownMisfits()) if (misfit <= stored) stored++
    return stored
  }

  #knownMisfits(): readonly number[] {
    if (this.#version !== this.#list.version) {
      this.#misfits = this.#list.read().flatMap((value, index) => (this.#access.field.fit(value).ok ? [] : [index]))
      this.#version = this.#list.version
    }
    return this.#misfits
  }

  get #list(): DraftList {
    return this.#access.document.list
  }
}
