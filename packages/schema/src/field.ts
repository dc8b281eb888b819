import { RejoinError } from '@rejoin/base'
import type { FieldName, Result } from '@rejoin/base'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Json } from './json.ts'

/** How a field merges; each kind is written and read by one file of `@rejoin/documents`. */
export const fieldKinds = ['register', 'text', 'counter', 'set', 'list'] as const
export type FieldKind = (typeof fieldKinds)[number]

/** Who may write a field: everyone who may write the space, the server, or one user each. */
export type FieldWriter = 'shared' | 'server' | 'owner'

/** The parts that can be written for now; one user's own part comes later. */
export const writableParts = ['shared', 'server'] as const
export type WritablePart = (typeof writableParts)[number]

export interface FieldOptions {
  /** The name in stored bytes. Set it to rename a field without losing what was written. Default: the field's name. */
  readonly key?: string
}

/** A field as the schema states it; `collection` gives it its name and key. */
export interface FieldDeclaration<
  Kind extends FieldKind = FieldKind,
  Writer extends FieldWriter = FieldWriter,
  Input = unknown,
  Output = unknown,
> {
  readonly kind: Kind
  readonly writer: Writer
  readonly key: string | undefined
  readonly schema: StandardSchemaV1<Input, Output> | undefined
  /** Moves the field to the part that only the server, or only its owner, writes. */
  writtenBy<W extends 'server' | 'owner'>(writer: W): FieldDeclaration<Kind, W, Input, Output>
}

/** A field of a collection, ready to be written and read. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** The name in stored bytes; unique in its part. */
  readonly key: FieldName
  readonly part: WritablePart
  /** The value to store, or why the schema refuses this one. Also asked about every stored value that is read. */
  validate(value: unknown): Result<Json, string>
}

type Schema = StandardSchemaV1
type Declared<Kind extends FieldKind, S extends Schema> = FieldDeclaration<
  Kind,
  'shared',
  StandardSchemaV1.InferInput<S>,
  StandardSchemaV1.InferOutput<S>
>

/** One value; the last write wins, by hybrid clock. */
export function register(schema?: undefined, options?: FieldOptions): FieldDeclaration<'register', 'shared', Json, Json>
export function register<S extends Schema>(schema: S, options?: FieldOptions): Declared<'register', S>
export function register(schema?: Schema, options?: FieldOptions): FieldDeclaration<'register', 'shared'> {
  return declare('register', schema, options)
}

/** A long text that several people edit at once; merges by character. */
export function text(options?: FieldOptions): FieldDeclaration<'text', 'shared', string, string> {
  return declare<'text', string>('text', undefined, options)
}

/** A whole number to which everyone adds; no addition is lost. */
export function counter(options?: FieldOptions): FieldDeclaration<'counter', 'shared', number, number> {
  return declare<'counter', number>('counter', undefined, options)
}

/** Distinct values; an addition wins over a concurrent removal. */
export function set(schema?: undefined, options?: FieldOptions): FieldDeclaration<'set', 'shared', Json, Json>
export function set<S extends Schema>(schema: S, options?: FieldOptions): Declared<'set', S>
export function set(schema?: Schema, options?: FieldOptions): FieldDeclaration<'set', 'shared'> {
  return declare('set', schema, options)
}

/** Values in an order; concurrent insertions at one place all stay. */
export function list(schema?: undefined, options?: FieldOptions): FieldDeclaration<'list', 'shared', Json, Json>
export function list<S extends Schema>(schema: S, options?: FieldOptions): Declared<'list', S>
export function list(schema?: Schema, options?: FieldOptions): FieldDeclaration<'list', 'shared'> {
  return declare('list', schema, options)
}

function declare<Kind extends FieldKind, Value = unknown>(
  kind: Kind,
  schema: StandardSchemaV1<Value, Value> | undefined,
  options: FieldOptions | undefined,
): FieldDeclaration<Kind, 'shared', Value, Value> {
  if (schema !== undefined && !isSchema(schema))
    throw new RejoinError(
      'bad-config',
      `${kind}(…) takes a schema that follows Standard Schema version 1 (Zod, Valibot, ArkType, …).`,
    )
  return withWriter({ kind, key: options?.key, schema }, 'shared')
}

function withWriter<Kind extends FieldKind, W extends FieldWriter, Value>(
  facts: Pick<FieldDeclaration<Kind, W, Value, Value>, 'kind' | 'key' | 'schema'>,
  writer: W,
): FieldDeclaration<Kind, W, Value, Value> {
  return Object.freeze({
    ...facts,
    writer,
    writtenBy: <V extends FieldWriter>(other: V) => withWriter<Kind, V, Value>(facts, other),
  })
}

function isSchema(schema: unknown): boolean {
  if (schema === null || (typeof schema !== 'object' && typeof schema !== 'function')) return false
  const standard: unknown = Reflect.get(schema, '~standard')
  return typeof standard === 'object' && standard !== null && Reflect.get(standard, 'version') === 1
}
