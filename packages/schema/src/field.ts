import type { FieldName, Result } from '@rejoin/base'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Json } from './json.ts'
import type { Lens } from './lens.ts'
import type { Policy } from './policy.ts'
import type { Reference } from './reference.ts'

/** How a field merges; each kind is written and read by one file of `@rejoin/documents`. */
export const fieldKinds = [
  'register',
  'text',
  'richText',
  'blocks',
  'counter',
  'set',
  'growSet',
  'map',
  'list',
  'movableList',
  'tree',
] as const
export type FieldKind = (typeof fieldKinds)[number]

/** Who may write a field: everyone who may write the space, the server, or each user a value of their own. */
export const fieldWriters = ['shared', 'server', 'owner'] as const
export type FieldWriter = (typeof fieldWriters)[number]

export interface FieldOptions {
  /** The name in stored bytes. Set it to rename a field without losing what was written. Default: the field's name. */
  readonly key?: string
}

export interface ValueOptions<Input = unknown> extends FieldOptions {
  /** The value for a stored one that the schema does not take, as an older version wrote it; pure. */
  upgrade?(stored: Json): Input
}

/** Of registers and of maps, whose members keep their names. */
export interface RegisterOptions<Input = unknown, Output = Json> extends ValueOptions<Input> {
  /** Reads and writes along what an older version had under another key. */
  readonly lens?: Lens<Input, Output>
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
  readonly schema: StandardSchemaV1<Input, Output> | undefined
  readonly options: DeclaredOptions
}

/** What the options and methods of a declaration come to, unchecked. */
export interface DeclaredOptions {
  readonly key?: string
  readonly upgrade?: (stored: Json) => unknown
  readonly lens?: Lens
  readonly policy?: unknown
  readonly reference?: Reference
}

/** A declaration that can be moved to another part. */
export interface PartField<Kind extends FieldKind, Writer extends FieldWriter, Input, Output> extends FieldDeclaration<
  Kind,
  Writer,
  Input,
  Output
> {
  /** Moves the field to the part that only the server writes, or to one of each user that only they write. */
  writtenBy<W extends 'server' | 'owner'>(writer: W): PartField<Kind, W, Input, Output>
}

/** A declaration of single values, for which concurrent writes compete. */
export interface ValueField<Kind extends FieldKind, Writer extends FieldWriter, Input, Output> extends FieldDeclaration<
  Kind,
  Writer,
  Input,
  Output
> {
  writtenBy<W extends 'server' | 'owner'>(writer: W): ValueField<Kind, W, Input, Output>
  /** What becomes of concurrent writes; `last-write-wins` unless told. */
  conflicts(policy: Policy<Output>): ValueField<Kind, Writer, Input, Output>
}

/** A field of a collection, ready to be written and read. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** The name in stored bytes; unique in its part. */
  readonly key: FieldName
  /** `owner` stands for a part of each user. */
  readonly part: FieldWriter
  readonly policy: Policy
  readonly reference: Reference | undefined
  readonly lens: Lens | undefined
  /** The value to store for a given one, or why the schema refuses it. */
  validate(value: unknown): Result<Json, string>
  /** The value to show for a stored one, upgraded if an older version wrote it, or why it does not fit. */
  fit(stored: Json): Result<Json, string>
}
