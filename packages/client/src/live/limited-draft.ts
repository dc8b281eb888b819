import { RejoinError } from '@rejoin/base'
import { fieldsOf } from '@rejoin/schema'
import type { Collection, Draft, Field, ListDraft, RegisterDraft, SetDraft, TextDraft } from '@rejoin/schema'

/** What one operation adds to an update beside its content, about. */
const operationBytes = 16

const utf8 = new TextEncoder()

/** What an edit has written into one document so far. */
class Budget {
  readonly #max: number
  #spent = 0

  constructor(max: number) {
    this.#max = max
  }

  reset(): void {
    this.#spent = 0
  }

  /** Throws if the edit has written more than a server would take. */
  spend(field: Field, content: unknown): void {
    // A UTF-16 unit takes three bytes at most: only what comes near the limit is measured.
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? '')
    const isNear = this.#spent + text.length * 3 + operationBytes > this.#max
    this.#spent += operationBytes + (isNear ? utf8.encode(text).length : text.length)
    if (this.#spent <= this.#max) return
    throw new RejoinError(
      'too-large',
      `${field.name}: one edit may write ${this.#max} bytes (writeBytesMax) into a document; make several edits of it.`,
    )
  }
}

/**
 * A draft that refuses, at the call, what would make an entry too large for any server. Made once for each draft,
 * because edits are many; `begin` comes before each edit.
 */
export interface LimitedDraft {
  readonly draft: Draft
  begin(): void
}

export function limitDraft(collection: Collection, draft: Draft, writeBytesMax: number): LimitedDraft {
  const registers = new Budget(writeBytesMax)
  const budgets = [registers]
  const limited: Record<string, unknown> = {}
  for (const field of fieldsOf(collection)) {
    const inner = draft[field.name]
    if (field.kind === 'text' || field.kind === 'list') {
      const own = new Budget(writeBytesMax)
      budgets.push(own)
      limited[field.name] =
        field.kind === 'text'
          ? new LimitedText(field, own, inner as TextDraft)
          : new LimitedList(field, own, inner as AnyList)
    } else if (field.kind === 'register')
      limited[field.name] = new LimitedRegister(field, registers, inner as AnyRegister)
    else if (field.kind === 'set') limited[field.name] = new LimitedSet(field, registers, inner as AnySet)
    else limited[field.name] = inner
  }
  const begin = (): void => {
    for (const budget of budgets) budget.reset()
  }
  return { draft: Object.freeze(limited) as Draft, begin }
}

/** The same for the values with which an entity is created. */
export function checkInitial(
  collection: Collection,
  initial: Readonly<Record<string, unknown>>,
  writeBytesMax: number,
): void {
  const registers = new Budget(writeBytesMax)
  for (const field of fieldsOf(collection)) {
    const value = initial[field.name]
    if (value === undefined) continue
    if (typeof value !== 'string' && !Array.isArray(value)) continue
    const budget = field.kind === 'text' || field.kind === 'list' ? new Budget(writeBytesMax) : registers
    for (const one of typeof value === 'string' ? [value] : value) budget.spend(field, one)
  }
}

type AnyList = ListDraft<unknown, unknown>
type AnyRegister = RegisterDraft<unknown, unknown>
type AnySet = SetDraft<unknown, unknown>

class Limited<Inner> {
  protected readonly field: Field
  protected readonly budget: Budget
  protected readonly inner: Inner

  constructor(field: Field, budget: Budget, inner: Inner) {
    this.field = field
    this.budget = budget
    this.inner = inner
  }
}

class LimitedText extends Limited<TextDraft> implements TextDraft {
  get length(): number {
    return this.inner.length
  }

  override toString(): string {
    return this.inner.toString()
  }

  insert(index: number, text: string): void {
    if (typeof text === 'string') this.budget.spend(this.field, text)
    this.inner.insert(index, text)
  }

  delete(index: number, count: number): void {
    this.inner.delete(index, count)
  }
}

class LimitedRegister extends Limited<AnyRegister> implements AnyRegister {
  get value(): unknown {
    return this.inner.value
  }

  set(value: unknown): void {
    this.inner.set(value)
    this.budget.spend(this.field, value)
  }
}

class LimitedSet extends Limited<AnySet> implements AnySet {
  has(element: unknown): boolean {
    return this.inner.has(element)
  }

  values(): readonly unknown[] {
    return this.inner.values()
  }

  add(element: unknown): void {
    this.inner.add(element)
    this.budget.spend(this.field, element)
  }

  delete(element: unknown): void {
    this.inner.delete(element)
  }
}

class LimitedList extends Limited<AnyList> implements AnyList {
  get length(): number {
    return this.inner.length
  }

  get(index: number): unknown {
    return this.inner.get(index)
  }

  values(): readonly unknown[] {
    return this.inner.values()
  }

  insert(index: number, ...values: unknown[]): void {
    this.inner.insert(index, ...values)
    for (const value of values) this.budget.spend(this.field, value)
  }

  push(...values: unknown[]): void {
    this.inner.push(...values)
    for (const value of values) this.budget.spend(this.field, value)
  }

  delete(index: number, count: number): void {
    this.inner.delete(index, count)
  }
}
