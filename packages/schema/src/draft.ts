import type { Json } from './json.ts'

/**
 * How a field looks inside an edit. A reader is what is left of a draft for a field of another part:
 * `grade.value` can be read while a note is edited, and only the server's own edit has `grade.set`.
 */
export interface RegisterReader<Output> {
  /** What the view shows. */
  readonly value: Output | undefined
  /** All concurrent values, oldest first: several only if devices wrote without knowing of each other. */
  readonly values: readonly Output[]
}

export interface RegisterDraft<Input, Output> extends RegisterReader<Output> {
  /** Writes over everything that is seen here. By its policy a field may let the value pass without writing it. */
  set(value: Input): void
  /** Takes the value away, as if it had never been written. Not for policies that never go back. */
  clear(): void
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

/** Marks by name: `{ bold: true, link: 'https://…' }`. Names have 1 to 64 characters. */
export type Marks = Readonly<Record<string, Json>>

/** A stretch of text whose marks are the same. */
export interface MarkedRun {
  readonly text: string
  readonly marks: Marks
}

export interface RichTextReader extends TextReader {
  runs(): readonly MarkedRun[]
}

export interface RichTextDraft extends RichTextReader {
  /** Without `marks` the text takes on those of what stands before it. */
  insert(index: number, text: string, marks?: Marks): void
  delete(index: number, count: number): void
  /** Sets marks; null takes one off. */
  format(index: number, count: number, marks: Marks): void
}

/** A node of a block document, as ProseMirror writes them in JSON. */
export type BlockNode = TextNode | ElementNode

export interface TextNode {
  readonly type: 'text'
  readonly text: string
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, Json>> }[]
}

export interface ElementNode {
  readonly type: string
  readonly attrs?: Readonly<Record<string, Json>>
  readonly content?: readonly BlockNode[]
}

/** Written through an editor's binding. */
export interface BlocksReader {
  nodes(): readonly BlockNode[]
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

export interface GrowSetDraft<Input, Output> extends SetReader<Input, Output> {
  add(element: Input): void
}

export interface SetDraft<Input, Output> extends SetReader<Input, Output> {
  /** Adding what is there writes again: that is what makes it win over a removal made elsewhere meanwhile. */
  add(element: Input): void
  delete(element: Input): void
}

export interface MapReader<Output> {
  get(name: string): Output | undefined
  /** All concurrent values of a name, oldest first. */
  values(name: string): readonly Output[]
  has(name: string): boolean
  /** Sorted by code unit. */
  names(): readonly string[]
}

export interface MapDraft<Input, Output> extends MapReader<Output> {
  set(name: string, value: Input): void
  delete(name: string): void
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

/** Items have ids, which stay the same wherever they are moved. */
export interface MovableListReader<Output> extends ListReader<Output> {
  ids(): readonly string[]
  /** -1 if no such item is there. */
  indexOf(id: string): number
}

export interface MovableListDraft<Input, Output> extends MovableListReader<Output> {
  /** Returns the ids of the new items. */
  insert(index: number, ...values: Input[]): readonly string[]
  push(...values: Input[]): readonly string[]
  /** Writes another value in an item's place; an item is named by its id or its index. */
  set(item: string | number, value: Input): void
  /** Puts an item where `index` is once it has been taken out. */
  move(item: string | number, index: number): void
  delete(item: string | number, count?: number): void
}

export interface TreeNode<Output> {
  readonly id: string
  readonly value: Output
  readonly children: readonly TreeNode<Output>[]
}

export interface TreeReader<Output> {
  /** The children of a node in their order, or those at the top. */
  children(parent: string | null): readonly string[]
  /** Null at the top; undefined if no such node is there. */
  parent(id: string): string | null | undefined
  value(id: string): Output | undefined
  nodes(): readonly TreeNode<Output>[]
}

/** A node to be made, with what is under it. */
export interface TreeSeed<Input> {
  readonly value: Input
  readonly children?: readonly TreeSeed<Input>[]
}

export interface TreeDraft<Input, Output> extends TreeReader<Output> {
  /** Returns the id of the new node. */
  insert(parent: string | null, index: number, value: Input): string
  set(id: string, value: Input): void
  /** Throws `bad-value` for a parent that is the node itself or under it. */
  move(id: string, parent: string | null, index: number): void
  /** With everything under it that is seen here. */
  delete(id: string): void
}
