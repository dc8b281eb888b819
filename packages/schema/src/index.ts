export { collection, fieldsOf } from './collection.ts'
export type { Collection, CollectionOptions, Declarations } from './collection.ts'
export { documentOf, documentsOf } from './documents-of.ts'
export type { PartDocument } from './documents-of.ts'
export type {
  CounterDraft,
  CounterReader,
  ListDraft,
  ListReader,
  RegisterDraft,
  RegisterReader,
  SetDraft,
  SetReader,
  TextDraft,
  TextReader,
} from './draft.ts'
export { counter, list, register, set, text, writableParts } from './field.ts'
export type { Field, FieldDeclaration, FieldKind, FieldOptions, FieldWriter, WritablePart } from './field.ts'
export type { Draft, Initial, View } from './infer.ts'
export { canonicalJson, isWellFormed, toJson, valueBytesMax, valueDepthMax } from './json.ts'
export type { Json } from './json.ts'
export { acceptValue, badValue } from './validate.ts'
