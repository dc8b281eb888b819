import { badValue } from '@rejoin/schema'
import type { CounterDraft, Field } from '@rejoin/schema'
import type { DraftRegisters } from '../draft/registers.ts'
import type { FieldAccess } from '../draft/scope.ts'
import type { KindRules, Reading } from './kind.ts'

/**
 * One key per CRDT client id, `minutes/<id>`, with the running total that only the holder of the id replaces. Not
 * one per writer: a writer that lost its documents (it left the space, or a refusal took its writes) no longer
 * knows its total, and would put a smaller one over it. It has another client id then, and counts on from zero.
 */
export const counterRules: KindRules = {
  keys: 'family',
  draft: (access) => new CounterField(access),
  initialise: (access, value) => new CounterField(access).add(value),
  read({ field, document, misfit }) {
    if (document === undefined) return 0
    const sum = sumOf(field, document.registers, misfit)
    if (Number.isSafeInteger(sum)) return sum
    misfit(sum)
    return Math.sign(sum) * Number.MAX_SAFE_INTEGER
  },
}

const clientPattern = /^[0-9a-f]{8}$/

/** The key of the total that the holder of a CRDT client id replaces. */
export const totalKey = (field: Field, client: number): string => `${field.key}/${client.toString(16).padStart(8, '0')}`

/** The sum of all totals. Independent of their order; as a float only when no safe integer. */
export function sumOf(field: Field, registers: DraftRegisters, misfit: Reading['misfit']): number {
  let sum = 0n
  let small = 0
  for (const key of registers.keysOf(field.key)) {
    const total = registers.winner(key)
    if (!isTotal(total) || !clientPattern.test(key.slice(field.key.length + 1))) misfit(total)
    // Exact as long as it is safe; what would make it unsafe goes to the big sum.
    else if (Number.isSafeInteger(small + total)) small += total
    else sum += BigInt(total)
  }
  return sum === 0n ? small : Number(sum + BigInt(small))
}

const isTotal = (value: unknown): value is number => Number.isSafeInteger(value)

class CounterField implements CounterDraft {
  readonly #access: FieldAccess

  constructor(access: FieldAccess) {
    this.#access = access
  }

  get value(): number {
    this.#access.reading()
    return this.#sum()
  }

  add(count: unknown): void {
    this.#access.writing()
    const { field, document, scope } = this.#access
    if (!isTotal(count))
      throw badValue(field, `${shown(count)} is not a whole number; count in a smaller unit to add parts`)
    const key = totalKey(field, scope.clientOf(document))
    const own = document.registers.winner(key)
    const total = (isTotal(own) ? own : 0) + count
    const sum = this.#sum()
    // Where others took the sum past the limit, what leads back is welcome.
    const goesFurther = !isTotal(sum + count) && Math.sign(count) === Math.sign(sum)
    if (!isTotal(total) || goesFurther)
      throw badValue(field, `adding ${count} passes the greatest whole number that is exact, 2^53 - 1`)
    document.registers.put(key, total + 0)
  }

  #sum(): number {
    return sumOf(this.#access.field, this.#access.document.registers, () => undefined)
  }
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : typeof value)
