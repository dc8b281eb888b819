import { acceptValue, badValue } from '@rejoin/schema'
import type { Field, Json, MovableListDraft } from '@rejoin/schema'
import type { FieldAccess } from '../draft/scope.ts'
import type { DraftRegisters } from '../draft/registers.ts'
import { makeRoom } from '../places/room.ts'
import type { Placed } from '../places/room.ts'
import { itemsOf, Sequence } from '../places/sequence.ts'
import type { Item } from '../places/sequence.ts'
import { acceptList, checkIndex, checkRun } from './arguments.ts'
import type { KindRules, Reading } from './kind.ts'
import { fittingItems, removeItem } from './items.ts'

/** Three keys per item at most: that it is there, what it has been changed to, where it has been moved. */
export const movableListRules: KindRules = {
  keys: 'family',
  draft: (access) => new MovableListField(access),
  initialise: (access, value) => new MovableListField(access).append(acceptList(access.field, value)),
  read({ field, document, misfit }) {
    if (document === undefined) return []
    return sequenceOf(field, document.registers, misfit).items.map(({ value }) => value)
  },
}

function sequenceOf(field: Field, registers: DraftRegisters, misfit: Reading['misfit']): Sequence<Item> {
  return new Sequence(fittingItems(field, itemsOf({ family: field.key, registers, misfit }), misfit))
}

class MovableListField implements MovableListDraft<unknown, Json> {
  readonly #access: FieldAccess
  /** What is shown; right for the version below. */
  #shown: Sequence<Item> | undefined
  #version = -1

  constructor(access: FieldAccess) {
    this.#access = access
  }

  get length(): number {
    return this.#read().items.length
  }

  get(index: number): Json | undefined {
    return this.#read().items[index]?.value
  }

  values(): readonly Json[] {
    return this.#read().items.map(({ value }) => value)
  }

  ids(): readonly string[] {
    return this.#read().items.map(({ id }) => id)
  }

  indexOf(id: string): number {
    return this.#read().indexOf(id)
  }

  insert(index: number, ...values: unknown[]): readonly string[] {
    this.#access.writing()
    checkIndex(this.#access.field, index, this.#sequence().items.length)
    return this.#insert(index, values)
  }

  push(...values: unknown[]): readonly string[] {
    return this.append(values)
  }

  /** `push` without a limit to the number of arguments. */
  append(values: readonly unknown[]): readonly string[] {
    this.#access.writing()
    return this.#insert(this.#sequence().items.length, values)
  }

  set(item: string | number, value: unknown): void {
    this.#access.writing()
    const { field } = this.#access
    const found = this.#require(item)
    const accepted = acceptValue(field, value)
    this.#write(
      () => this.#registers.put(`${field.key}/${found.id}/v`, accepted),
      (shown) => shown.put({ ...found, value: accepted }),
    )
  }

  move(item: string | number, index: number): void {
    this.#access.writing()
    const { items } = this.#sequence()
    const { id } = this.#require(item)
    checkIndex(this.#access.field, index, items.length - 1)
    if (items[index]?.id === id) return
    const others = items.filter((other) => other.id !== id)
    const { positions, moved } = makeRoom(others, index, 1, this.#access.tag())
    this.#place([...moved, ...positions.map((position) => ({ id, position }))])
  }

  delete(item: string | number, count: number = 1): void {
    this.#access.writing()
    const { field } = this.#access
    const { items } = this.#sequence()
    const index = typeof item === 'number' ? item : this.#sequence().indexOf(item)
    // One that is gone already is what was asked for.
    if (typeof item === 'string' && index < 0) return
    checkRun(field, index, count, items.length)
    for (const { id } of items.slice(index, index + count)) {
      this.#write(
        () => removeItem(field, this.#registers, id),
        (shown) => shown.delete(id),
      )
    }
  }

  #insert(index: number, values: readonly unknown[]): readonly string[] {
    const { field } = this.#access
    const accepted = values.map((value) => acceptValue(field, value))
    const { positions, moved } = makeRoom(this.#sequence().items, index, accepted.length, this.#access.tag())
    this.#place(moved)
    return accepted.map((value, n) => {
      const item = { id: this.#access.newId(), value, position: positions[n] ?? '' }
      this.#write(
        () => this.#registers.put(`${field.key}/${item.id}`, [value, item.position]),
        (shown) => shown.put(item),
      )
      return item.id
    })
  }

  #place(places: readonly Placed[]): void {
    for (const { id, position } of places) {
      const item = this.#require(id)
      this.#write(
        () => this.#registers.put(`${this.#access.field.key}/${id}/p`, position),
        (shown) => shown.put({ ...item, position }),
      )
    }
  }

  #require(item: string | number): Item {
    const { field } = this.#access
    const shown = this.#sequence()
    const found = typeof item === 'number' ? shown.items[item] : shown.get(item)
    if (found !== undefined) return found
    throw badValue(
      field,
      typeof item === 'number' ? `no item has the index ${item}` : `no item with the id ${item} is here`,
    )
  }

  #read(): Sequence<Item> {
    this.#access.reading()
    return this.#sequence()
  }

  #sequence(): Sequence<Item> {
    const { field } = this.#access
    const version = this.#registers.versionOf(field.key)
    if (this.#shown !== undefined && this.#version === version) return this.#shown
    this.#shown = sequenceOf(field, this.#registers, () => undefined)
    this.#version = version
    return this.#shown
  }

  /** Writes, and shows what is written without reading all of it again. */
  #write(write: () => void, show: (shown: Sequence<Item>) => void): void {
    const shown = this.#sequence()
    write()
    show(shown)
    this.#version = this.#registers.versionOf(this.#access.field.key)
  }

  get #registers(): DraftRegisters {
    return this.#access.document.registers
  }
}
