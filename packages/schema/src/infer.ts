import type { Collection, Declarations } from './collection.ts'
import type { CounterDraft, CounterReader, ListDraft, ListReader, RegisterDraft, RegisterReader } from './draft.ts'
import type { SetDraft, SetReader, TextDraft, TextReader } from './draft.ts'
import type { FieldDeclaration, FieldKind, WritablePart } from './field.ts'

interface ViewByKind<Output> {
  register: Output | undefined
  text: string
  counter: number
  set: readonly Output[]
  list: readonly Output[]
}

interface InitialByKind<Input> {
  register: Input
  text: string
  counter: number
  set: readonly Input[]
  list: readonly Input[]
}

interface ReaderByKind<Input, Output> {
  register: RegisterReader<Output>
  text: TextReader
  counter: CounterReader
  set: SetReader<Input, Output>
  list: ListReader<Output>
}

interface DraftByKind<Input, Output> {
  register: RegisterDraft<Input, Output>
  text: TextDraft
  counter: CounterDraft
  set: SetDraft<Input, Output>
  list: ListDraft<Input, Output>
}

type KindOf<F extends FieldDeclaration> = F['kind'] & FieldKind
type InputOf<F extends FieldDeclaration> =
  F extends FieldDeclaration<FieldKind, F['writer'], infer Input, unknown> ? Input : never
type OutputOf<F extends FieldDeclaration> =
  F extends FieldDeclaration<FieldKind, F['writer'], unknown, infer Output> ? Output : never
type FieldsOf<C extends Collection> = C extends Collection<infer D extends Declarations> ? D : never
/** Shows as the members it has instead of as an intersection. */
type Flat<T> = { [K in keyof T]: T[K] } & {}

/** An entity as plain JSON, by its collection: `View<typeof notes>`. */
export type View<C extends Collection = Collection> = Flat<
  { readonly id: string } & {
    readonly [Name in keyof FieldsOf<C>]: ViewByKind<OutputOf<FieldsOf<C>[Name]>>[KindOf<FieldsOf<C>[Name]>]
  }
>

type SharedNames<D extends Declarations> = {
  [Name in keyof D]: 'shared' extends D[Name]['writer'] ? Name : never
}[keyof D]

/** What an entity may be created with: any of its shared fields. */
export type Initial<C extends Collection = Collection> = {
  readonly [Name in SharedNames<FieldsOf<C>>]?:
    | InitialByKind<InputOf<FieldsOf<C>[Name]>>[KindOf<FieldsOf<C>[Name]>]
    | undefined
}

type FieldDraft<F extends FieldDeclaration, Part extends WritablePart> = [Extract<F['writer'], Part>] extends [never]
  ? ReaderByKind<InputOf<F>, OutputOf<F>>[KindOf<F>]
  : DraftByKind<InputOf<F>, OutputOf<F>>[KindOf<F>]

/** What an edit of a part gets: its own fields to write, the others to read. */
export type Draft<C extends Collection = Collection, Part extends WritablePart = 'shared'> = {
  readonly [Name in keyof FieldsOf<C>]: FieldDraft<FieldsOf<C>[Name], Part>
}
