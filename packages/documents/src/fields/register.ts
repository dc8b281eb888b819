import { acceptValue } from '@rejoin/schema'
import type { Field, RegisterDraft } from '@rejoin/schema'
import type { EditScope } from '../draft-scope.ts'
import type { Json } from '../engine.ts'
import type { EntityDocument } from '../entity-documents.ts'
import type { KindRules } from './kind.ts'

/** One key; the greatest stamp wins. */
export const registerRules: KindRules = {
  keys: 'one',
  draft: (field, scope) => new RegisterField(field, scope),
  initialise: (field, scope, value) => new RegisterField(field, scope).set(value),
  read(field, { documents, misfit }) {
    const document = documents.of(field)
    const stored = document.opened ? document.registers.winner(field.key) : undefined
    if (stored === undefined) return undefined
    const value = field.validate(stored)
    if (value.ok) return value.value
    misfit(field.name, stored)
    return undefined
  },
}

class RegisterField implements RegisterDraft<unknown, Json> {
  readonly #field: Field
  readonly #scope: EditScope
  readonly #document: EntityDocument

  constructor(field: Field, scope: EditScope) {
    this.#field = field
    this.#scope = scope
    this.#document = scope.documents.of(field)
  }

  /** Undefined if nothing fitting is stored; the schema's defaults are the app's to apply. */
  get value(): Json | undefined {
    this.#scope.reading()
    const stored = this.#document.registers.winner(this.#field.key)
    if (stored === undefined) return undefined
    const value = this.#field.validate(stored)
    return value.ok ? value.value : undefined
  }

  set(value: unknown): void {
    this.#scope.writing(this.#field)
    this.#document.registers.put(this.#field.key, acceptValue(this.#field, value))
  }
}
