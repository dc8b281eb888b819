import type { Collection, Declarations } from './collection.ts'
import type {
  BlockNode,
  BlocksReader,
  CounterDraft,
  CounterReader,
  GrowSetDraft,
  ListDraft,
  ListReader,
  MapDraft,
  MapReader,
  MarkedRun,
  MovableListDraft,
  MovableListReader,
  RegisterDraft,
  RegisterReader,
  RichTextDraft,
  RichTextReader,
  SetDraft,
  SetReader,
  TextDraft,
  TextReader,
  TreeDraft,
  TreeNode,
  TreeReader,
  TreeSeed,
} from './draft.ts'
import type { FieldDeclaration, FieldKind, FieldWriter } from './field.ts'

interface ViewByKind<Output> {
  register: Output | undefined
  text: string
  richText: readonly MarkedRun[]
  blocks: readonly BlockNode[]
  counter: number
  set: readonly Output[]
  growSet: readonly Output[]
  map: Readonly<Record<string, Output>>
  list: readonly Output[]
  movableList: readonly Output[]
  tree: readonly TreeNode<Output>[]
}

interface InitialByKind<Input> {
  register: Input
  text: string
  richText: string | readonly MarkedRun[]
  blocks: never
  counter: number
  set: readonly Input[]
  growSet: readonly Input[]
  map: Readonly<Record<string, Input>>
  list: readonly Input[]
  movableList: readonly Input[]
  tree: readonly TreeSeed<Input>[]
}

interface ReaderByKind<Input, Output> {
  register: RegisterReader<Output>
  text: TextReader
  richText: RichTextReader
  blocks: BlocksReader
  counter: CounterReader
  set: SetReader<Input, Output>
  growSet: SetReader<Input, Output>
  map: MapReader<Output>
  list: ListReader<Output>
  movableList: MovableListReader<Output>
  tree: TreeReader<Output>
}

interface DraftByKind<Input, Output> {
  register: RegisterDraft<Input, Output>
  text: TextDraft
  richText: RichTextDraft
  blocks: BlocksReader
  counter: CounterDraft
  set: SetDraft<Input, Output>
  growSet: GrowSetDraft<Input, Output>
  map: MapDraft<Input, Output>
  list: ListDraft<Input, Output>
  movableList: MovableListDraft<Input, Output>
  tree: TreeDraft<Input, Output>
}

type KindOf<F extends FieldDeclaration> = F['kind'] & FieldKind
type InputOf<F extends FieldDeclaration> =
  F extends FieldDeclaration<FieldKind, F['writer'], infer Input, unknown> ? Input : never
type OutputOf<F extends FieldDeclaration> =
  F extends FieldDeclaration<FieldKind, F['writer'], unknown, infer Output> ? Output : never
type FieldsOf<C extends Collection> = C extends Collection<infer D extends Declarations> ? D : never
type DerivedOf<C extends Collection> = C extends Collection<Declarations, infer X> ? X : never
/** Shows as the members it has instead of as an intersection. */
type Flat<T> = { [K in keyof T]: T[K] } & {}

type FieldView<F extends FieldDeclaration> = F['writer'] extends 'owner'
  ? OwnersView<F>
  : ViewByKind<OutputOf<F>>[KindOf<F>]
/** What each user has written, by user; those who wrote nothing are missing. */
type OwnersView<F extends FieldDeclaration> = Readonly<
  Record<string, Exclude<ViewByKind<OutputOf<F>>[KindOf<F>], undefined>>
>

/** The fields of an entity as plain JSON, and its id. */
export type FieldsView<D extends Declarations> = Flat<
  { readonly id: string } & { readonly [Name in keyof D]: FieldView<D[Name]> }
>

/** An entity as plain JSON, by its collection: `View<typeof notes>`. */
export type View<C extends Collection = Collection> = Flat<FieldsView<FieldsOf<C>> & Readonly<DerivedOf<C>>>

/** Who edits: a user, who writes the shared part and their own, or the server, which writes its own. */
export type Author = 'user' | 'server'

type WrittenBy<As extends Author> = As extends 'server' ? 'server' : 'shared' | 'owner'
type NamesOf<D extends Declarations, W extends FieldWriter> = {
  [Name in keyof D]: [Extract<D[Name]['writer'], W>] extends [never]
    ? never
    : D[Name]['kind'] extends 'blocks'
      ? never
      : Name
}[keyof D]

/** What an entity may be created with: any of its shared fields, and the creator's own. */
export type Initial<C extends Collection = Collection> = {
  readonly [Name in NamesOf<FieldsOf<C>, 'shared' | 'owner'>]?:
    | InitialByKind<InputOf<FieldsOf<C>[Name]>>[KindOf<FieldsOf<C>[Name]>]
    | undefined
}

type FieldDraft<F extends FieldDeclaration, W extends FieldWriter> = [Extract<F['writer'], W>] extends [never]
  ? ReaderByKind<InputOf<F>, OutputOf<F>>[KindOf<F>]
  : DraftByKind<InputOf<F>, OutputOf<F>>[KindOf<F>]

/** What an edit gets: the fields its author may write, the others to read. */
export type Draft<C extends Collection = Collection, As extends Author = 'user'> = {
  readonly [Name in keyof FieldsOf<C>]: FieldDraft<FieldsOf<C>[Name], WrittenBy<As>>
}
