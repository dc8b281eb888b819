import { acceptValue, canonicalJson, toJson } from '@rejoin/schema'
import type { Field, GrowSetDraft, Json, SetDraft } from '@rejoin/schema'
import type { DraftRegisters } from '../draft/registers.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { acceptList } from './arguments.ts'
import type { KindRules, Reading } from './kind.ts'

/**
 * One key per element, `tags/<canonical JSON>`. To add deletes the survivors seen and writes a fresh one, also
 * when the element is there: so an addition wins over a removal made elsewhere meanwhile, at the price of a write.
 */
export const setRules: KindRules = {
  keys: 'family',
  draft: (access) => new SetField(access),
  initialise(access, value) {
    const draft = new SetField(access)
    for (const element of acceptList(access.field, value)) draft.add(element)
  },
  read: ({ field, document, misfit }) => (document === undefined ? [] : elementsOf(field, document.registers, misfit)),
}

/** The same without a way to take an element out. */
export const growSetRules: KindRules = { ...setRules, draft: (access) => new GrowSetField(access) }

interface Element {
  readonly value: Json
  readonly text: string
}

function elementsOf(field: Field, registers: DraftRegisters, misfit: Reading['misfit']): readonly Json[] {
  const elements: Element[] = []
  for (const key of registers.keysOf(field.key)) {
    const text = key.slice(field.key.length + 1)
    const value = parseElement(field, text)
    if (value === undefined) misfit(text)
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

class GrowSetField implements GrowSetDraft<unknown, Json> {
  protected readonly access: FieldAccess

  constructor(access: FieldAccess) {
    this.access = access
  }

  has(element: unknown): boolean {
    this.access.reading()
    const key = this.keyOf(element)
    return key !== undefined && this.registers.has(key)
  }

  values(): readonly Json[] {
    this.access.reading()
    return elementsOf(this.access.field, this.registers, () => undefined)
  }

  add(element: unknown): void {
    this.access.writing()
    const { field } = this.access
    this.registers.put(`${field.key}/${canonicalJson(acceptValue(field, element))}`, true)
  }

  /** An element that the schema refuses can still be stored, by another version: then its own text is the key. */
  protected keyOf(element: unknown): string | undefined {
    const { field } = this.access
    const accepted = field.validate(element)
    const value = accepted.ok ? accepted : toJson(element)
    return value.ok ? `${field.key}/${canonicalJson(value.value)}` : undefined
  }

  protected get registers(): DraftRegisters {
    return this.access.document.registers
  }
}

class SetField extends GrowSetField implements SetDraft<unknown, Json> {
  delete(element: unknown): void {
    this.access.writing()
    const key = this.keyOf(element)
    if (key !== undefined) this.registers.remove(key)
  }
}
