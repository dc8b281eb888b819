import { RejoinError } from '@rejoin/base'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { attachmentSchema } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import type {
  DeclaredOptions,
  FieldDeclaration,
  FieldKind,
  FieldOptions,
  FieldWriter,
  PartField,
  RegisterOptions,
  ValueField,
  ValueOptions,
} from './field.ts'
import type { Json } from './json.ts'
import type { Policy } from './policy.ts'
import type { WhenGone } from './reference.ts'

type Schema = StandardSchemaV1
/** What may be stored is JSON, so `undefined` is never given, also where a schema would take it. */
type In<S extends Schema> = Exclude<StandardSchemaV1.InferInput<S>, undefined>
type Out<S extends Schema> = Exclude<StandardSchemaV1.InferOutput<S>, undefined>
type Values<Kind extends FieldKind, Input, Output = Input> = ValueField<Kind, 'shared', Input, Output>
type Parts<Kind extends FieldKind, Input, Output = Input> = PartField<Kind, 'shared', Input, Output>

/** One value; the last write wins, by hybrid clock, unless `.conflicts(…)` says otherwise. */
export function register(schema?: undefined, options?: RegisterOptions<Json>): Values<'register', Json>
export function register<S extends Schema>(
  schema: S,
  options?: RegisterOptions<In<S>, Out<S>>,
): Values<'register', In<S>, Out<S>>
export function register(schema?: Schema, options?: object): FieldDeclaration<'register', 'shared'> {
  return declare('register', schema, options)
}

/** The id of an entity of another collection. */
export function ref(
  collection: string | { readonly name: string },
  options?: FieldOptions & { readonly whenGone?: WhenGone },
): Values<'register', string> {
  const { whenGone = 'keep', ...others } = options ?? {}
  const name = typeof collection === 'string' ? collection : collection.name
  return declare('register', referenceSchema, { ...others, reference: { collection: name, whenGone } })
}

const referenceSchema: StandardSchemaV1<string> = {
  '~standard': {
    version: 1,
    vendor: 'rejoin',
    validate: (value) =>
      typeof value === 'string' && value !== ''
        ? { value }
        : { issues: [{ message: 'A reference is the id of an entity' }] },
  },
}

/** A file that is named here and travels by itself. */
export function attachment(options?: FieldOptions): Values<'register', Attachment> {
  return declare('register', attachmentSchema, options)
}

/** A long text that several people edit at once; merges by character. */
export function text(options?: FieldOptions): Parts<'text', string> {
  return declare<'text', string>('text', undefined, options)
}

/** A text with marks such as bold, which merge by range. */
export function richText(options?: FieldOptions): Parts<'richText', string> {
  return declare<'richText', string>('richText', undefined, options)
}

/** A text of paragraphs and other blocks, as ProseMirror edits it: written through a binding, read as nodes. */
export function blocks(options?: FieldOptions): Parts<'blocks', string> {
  return declare<'blocks', string>('blocks', undefined, options)
}

/** A whole number to which everyone adds; no addition is lost. */
export function counter(options?: FieldOptions): Parts<'counter', number> {
  return declare<'counter', number>('counter', undefined, options)
}

/** Distinct values; an addition wins over a concurrent removal. */
export function set(schema?: undefined, options?: FieldOptions): Parts<'set', Json>
export function set<S extends Schema>(schema: S, options?: FieldOptions): Parts<'set', In<S>, Out<S>>
export function set(schema?: Schema, options?: object): Parts<'set', unknown> {
  return declare('set', schema, options)
}

/** Distinct values that are never taken out again. */
export function growSet(schema?: undefined, options?: FieldOptions): Parts<'growSet', Json>
export function growSet<S extends Schema>(schema: S, options?: FieldOptions): Parts<'growSet', In<S>, Out<S>>
export function growSet(schema?: Schema, options?: object): Parts<'growSet', unknown> {
  return declare('growSet', schema, options)
}

/** Values by name, each merged by itself as a register is. */
export function map(schema?: undefined, options?: RegisterOptions<Json>): Values<'map', Json>
export function map<S extends Schema>(schema: S, options?: RegisterOptions<In<S>, Out<S>>): Values<'map', In<S>, Out<S>>
export function map(schema?: Schema, options?: object): FieldDeclaration<'map', 'shared'> {
  return declare('map', schema, options)
}

/** Values in an order; concurrent insertions at one place all stay. An item is not moved but deleted and inserted. */
export function list(schema?: undefined, options?: ValueOptions<Json>): Parts<'list', Json>
export function list<S extends Schema>(schema: S, options?: ValueOptions<In<S>>): Parts<'list', In<S>, Out<S>>
export function list(schema?: Schema, options?: object): Parts<'list', unknown> {
  return declare('list', schema, options)
}

/** Values in an order that people change: moved on two devices at once, an item is in one place. */
export function movableList(schema?: undefined, options?: ValueOptions<Json>): Parts<'movableList', Json>
export function movableList<S extends Schema>(
  schema: S,
  options?: ValueOptions<In<S>>,
): Parts<'movableList', In<S>, Out<S>>
export function movableList(schema?: Schema, options?: object): Parts<'movableList', unknown> {
  return declare('movableList', schema, options)
}

/** Values in a hierarchy; whatever is moved at once, there is never a cycle or an orphan. */
export function tree(schema?: undefined, options?: ValueOptions<Json>): Parts<'tree', Json>
export function tree<S extends Schema>(schema: S, options?: ValueOptions<In<S>>): Parts<'tree', In<S>, Out<S>>
export function tree(schema?: Schema, options?: object): Parts<'tree', unknown> {
  return declare('tree', schema, options)
}

function declare<Kind extends FieldKind, Input, Output = Input>(
  kind: Kind,
  schema: StandardSchemaV1<Input, Output> | undefined,
  options: object | undefined,
): ValueField<Kind, 'shared', Input, Output> {
  if (schema !== undefined && !isSchema(schema))
    throw new RejoinError(
      'bad-config',
      `${kind}(…) takes a schema that follows Standard Schema version 1 (Zod, Valibot, ArkType, …).`,
    )
  return toDeclaration({ kind, schema, options: { ...options }, writer: 'shared' })
}

function toDeclaration<Kind extends FieldKind, Writer extends FieldWriter, Input, Output>(
  facts: FieldDeclaration<Kind, Writer, Input, Output>,
): ValueField<Kind, Writer, Input, Output> {
  const withOptions = (more: DeclaredOptions): DeclaredOptions => ({ ...facts.options, ...more })
  return Object.freeze({
    ...facts,
    writtenBy: <W extends FieldWriter>(writer: W) => toDeclaration<Kind, W, Input, Output>({ ...facts, writer }),
    conflicts: (policy: Policy<Output>) =>
      toDeclaration<Kind, Writer, Input, Output>({ ...facts, options: withOptions({ policy }) }),
  })
}

function isSchema(schema: unknown): boolean {
  if (schema === null || (typeof schema !== 'object' && typeof schema !== 'function')) return false
  const standard: unknown = Reflect.get(schema, '~standard')
  return typeof standard === 'object' && standard !== null && Reflect.get(standard, 'version') === 1
}
