import { acceptValue, canonicalJson, toJson } from '@rejoin/schema'
import type { Field, SetDraft } from '@rejoin/schema'
import type { DraftRegisters } from '../draft-registers.ts'
import type { EditScope } from '../draft-scope.ts'
import type { Json } from '../engine.ts'
import type { EntityDocument } from '../entity-documents.ts'
import { acceptList } from './arguments.ts'
import type { KindRules, Reading } from './kind.ts'

/**
 * One key per element, `tags/<canonical JSON>`. To add deletes the survivors seen and writes a fresh one, also
 * when the element is there: so an addition wins over a removal made elsewhere meanwhile, at the price of a write.
 */
export const setRules: KindRules = {
  keys: 'family',
  draft: (field, scope) => new SetField(field, scope),
  initialise(field, scope, value) {
    const draft = new SetField(field, scope)
    for (const element of acceptList(field, value)) draft.add(element)
  },
  read(field, { documents, misfit }) {
    const document = documents.of(field)
    return document.opened ? elementsOf(field, document.registers, misfit) : []
  },
}

interface Element {
  readonly value: Json
  readonly text: string
}

function elementsOf(field: Field, registers: DraftRegisters, misfit: Reading['misfit']): readonly Json[] {
  const elements: Element[] = []
  for (const key of registers.keysOf(field.key)) {
    const text = key.slice(field.key.length + 1)
    const value = parseElement(field, text)
    if (value === undefined) misfit(field.name, text)
    else elements.push({ value, text })
  }
  return elements.sort(compare).map((element) => element.value)
}

/** Undefined unless the text is the canonical one of a value that the schema leaves as it is. */
function parseElement(field: Field, text: string): Json | undefined {
  try {
    const element = field.validate(JSON.parse(text))
    return element.ok && canonicalJson(element.value) === text ? element.value : undefined
  } catch {
    return undefined
  }
}

/** Numbers by size, everything else by its text; the texts of numbers sort together, so this is one order. */
function compare(a: Element, b: Element): number {
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value
  return a.text < b.text ? -1 : 1
}

class SetField implements SetDraft<unknown, Json> {
  readonly #field: Field
  readonly #scope: EditScope
  readonly #document: EntityDocument

  constructor(field: Field, scope: EditScope) {
    this.#field = field
    this.#scope = scope
    this.#document = scope.documents.of(field)
  }

  has(element: unknown): boolean {
    this.#scope.reading()
    const key = this.#keyOf(element)
    return key !== undefined && this.#registers.has(key)
  }

  values(): readonly Json[] {
    this.#scope.reading()
    return elementsOf(this.#field, this.#registers, () => undefined)
  }

  add(element: unknown): void {
    this.#scope.writing(this.#field)
    this.#registers.put(`${this.#field.key}/${canonicalJson(acceptValue(this.#field, element))}`, true)
  }

  delete(element: unknown): void {
    this.#scope.writing(this.#field)
    const key = this.#keyOf(element)
    if (key !== undefined) this.#registers.remove(key)
  }

  /** An element that the schema refuses can still be stored, by another version: then its own text is the key. */
  #keyOf(element: unknown): string | undefined {
    const accepted = this.#field.validate(element)
    const value = accepted.ok ? accepted : toJson(element)
    return value.ok ? `${this.#field.key}/${canonicalJson(value.value)}` : undefined
  }

  get #registers(): DraftRegisters {
    return this.#document.registers
  }
}
