import { acceptValue, badValue, isKey, isWellFormed } from '@rejoin/schema'
import type { Field, Json, MapDraft } from '@rejoin/schema'
import { distinct } from '../policies/distinct.ts'
import type { DraftRegisters } from '../draft/registers.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { policyOf } from '../policies/policies.ts'
import type { KindRules } from './kind.ts'
import { putValue, removeValue, settled, valuesOf } from './values.ts'

/** The greatest length of a member's name, in UTF-16 code units. */
const nameMax = 256

/** One key per member, `settings/theme`, each settled by itself. */
export const mapRules: KindRules = {
  keys: 'family',
  draft: (access) => new MapField(access),
  initialise(access, value) {
    const draft = new MapField(access)
    if (!isPlain(value)) throw badValue(access.field, 'a map is given as a plain object')
    for (const [name, member] of Object.entries(value)) if (member !== undefined) draft.set(name, member)
  },
  read({ field, document, misfit }) {
    if (document === undefined) return {}
    const { registers } = document
    const members: [string, Json][] = []
    for (const name of namesOf(field, registers)) {
      const value = isName(name) ? settled(field, registers, `${field.key}/${name}`, misfit) : undefined
      if (!isName(name)) misfit(name)
      else if (value !== undefined) members.push([name, value])
    }
    return Object.fromEntries(members)
  },
}

/** Also of members that only an older version has written. */
function namesOf({ key, lens }: Field, registers: DraftRegisters): readonly string[] {
  const names = new Set<string>()
  for (const family of lens === undefined ? [key] : [key, lens.from])
    for (const one of registers.keysOf(family)) names.add(one.slice(family.length + 1))
  return [...names].sort()
}

/** A `Map` has no members of its own, and would be taken for empty. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

const isName = (name: unknown): name is string =>
  typeof name === 'string' && name.length > 0 && name.length <= nameMax && isWellFormed(name) && isKey(name)

class MapField implements MapDraft<unknown, Json> {
  readonly #access: FieldAccess

  constructor(access: FieldAccess) {
    this.#access = access
  }

  get(name: string): Json | undefined {
    this.#access.reading()
    const { field } = this.#access
    const values = this.#values(name)
    return values.length === 0 ? undefined : policyOf(field).read(values, field)
  }

  has(name: string): boolean {
    return this.values(name).length > 0
  }

  values(name: string): readonly Json[] {
    this.#access.reading()
    return distinct(this.#values(name))
  }

  names(): readonly string[] {
    this.#access.reading()
    const { field, document } = this.#access
    return namesOf(field, document.registers).filter((name) => this.#values(name).length > 0)
  }

  set(name: string, value: unknown): void {
    this.#access.writing()
    const { field, document } = this.#access
    if (!isName(name))
      throw badValue(field, `a member's name is a text of 1 to ${nameMax} characters, and not __proto__ or the like`)
    const accepted = acceptValue(field, value)
    if (!policyOf(field).writes(this.#values(name), accepted, field)) return
    putValue(field, document.registers, `${field.key}/${name}`, accepted)
  }

  delete(name: string): void {
    this.#access.writing()
    const { field, document } = this.#access
    if (!policyOf(field).goesBack) throw badValue(field, 'its policy never goes back, so no member can be deleted')
    removeValue(field, document.registers, `${field.key}/${name}`)
  }

  #values(name: string): readonly Json[] {
    const { field, document } = this.#access
    if (!isName(name)) return []
    return valuesOf(field, document.registers, `${field.key}/${name}`, () => undefined)
  }
}
