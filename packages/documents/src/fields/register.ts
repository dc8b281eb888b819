import { acceptValue, badValue } from '@rejoin/schema'
import type { Json, RegisterDraft } from '@rejoin/schema'
import { distinct } from '../policies/distinct.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { policyOf } from '../policies/policies.ts'
import type { KindRules } from './kind.ts'
import { putValue, removeValue, settled, valuesOf } from './values.ts'

/** One key; its policy settles concurrent values. */
export const registerRules: KindRules = {
  keys: 'one',
  draft: (access) => new RegisterField(access),
  initialise: (access, value) => new RegisterField(access).set(value),
  read({ field, document, misfit }) {
    return document && settled(field, document.registers, field.key, misfit)
  },
}

class RegisterField implements RegisterDraft<unknown, Json> {
  readonly #access: FieldAccess

  constructor(access: FieldAccess) {
    this.#access = access
  }

  /** Undefined if nothing fitting is stored; the schema's defaults are the app's to apply. */
  get value(): Json | undefined {
    this.#access.reading()
    const { field, document } = this.#access
    return settled(field, document.registers, field.key, () => undefined)
  }

  get values(): readonly Json[] {
    this.#access.reading()
    return distinct(this.#values())
  }

  set(value: unknown): void {
    this.#access.writing()
    const { field, document } = this.#access
    const accepted = acceptValue(field, value)
    if (!policyOf(field).writes(this.#values(), accepted, field)) return
    putValue(field, document.registers, field.key, accepted)
  }

  clear(): void {
    this.#access.writing()
    const { field, document } = this.#access
    if (!policyOf(field).goesBack) throw badValue(field, 'its policy never goes back, so it cannot be cleared')
    removeValue(field, document.registers, field.key)
  }

  #values(): readonly Json[] {
    const { field, document } = this.#access
    return valuesOf(field, document.registers, field.key, () => undefined)
  }
}
