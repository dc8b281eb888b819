/**
 * How a field looks inside an edit. A reader is what is left of a draft for a field of another part:
 * `grade.value` can be read while a note is edited, and only the server's own edit has `grade.set`.
 */
export interface RegisterReader<Output> {
  readonly value: Output | undefined
}

export interface RegisterDraft<Input, Output> extends RegisterReader<Output> {
  set(value: Input): void
}

/** Indexes and lengths are in UTF-16 code units, as in a JavaScript string. */
export interface TextReader {
  readonly length: number
  toString(): string
}

export interface TextDraft extends TextReader {
  insert(index: number, text: string): void
  delete(index: number, count: number): void
}

export interface CounterReader {
  readonly value: number
}

export interface CounterDraft extends CounterReader {
  /** Adds a whole number, which may be negative. */
  add(count: number): void
}

export interface SetReader<Input, Output> {
  has(element: Input): boolean
  /** Numbers by size, everything else by its JSON text. */
  values(): readonly Output[]
}

export interface SetDraft<Input, Output> extends SetReader<Input, Output> {
  /** Adding what is there writes again: that is what makes it win over a removal made elsewhere meanwhile. */
  add(element: Input): void
  delete(element: Input): void
}

/** Indexes are those of the view. */
export interface ListReader<Output> {
  readonly length: number
  get(index: number): Output | undefined
  values(): readonly Output[]
}

export interface ListDraft<Input, Output> extends ListReader<Output> {
  insert(index: number, ...values: Input[]): void
  push(...values: Input[]): void
  delete(index: number, count: number): void
}
