export { attachmentSchema } from './attachment.ts'
export type { Attachment } from './attachment.ts'
export { collection, fieldsOf } from './collection.ts'
export type { Collection, CollectionOptions, Declarations, DeletionRule } from './collection.ts'
export { documentOf, documentsOf, hasDocument, writerOf } from './documents-of.ts'
export type { PartDocument } from './documents-of.ts'
export type {
  BlockNode,
  BlocksReader,
  CounterDraft,
  CounterReader,
  ElementNode,
  GrowSetDraft,
  ListDraft,
  ListReader,
  MapDraft,
  MapReader,
  MarkedRun,
  Marks,
  MovableListDraft,
  MovableListReader,
  RegisterDraft,
  RegisterReader,
  RichTextDraft,
  RichTextReader,
  SetDraft,
  SetReader,
  TextDraft,
  TextNode,
  TextReader,
  TreeDraft,
  TreeNode,
  TreeReader,
  TreeSeed,
} from './draft.ts'
export type { Field, FieldDeclaration, FieldKind, FieldWriter, PartField, ValueField } from './field.ts'
export {
  attachment,
  blocks,
  counter,
  growSet,
  list,
  map,
  movableList,
  ref,
  register,
  richText,
  set,
  text,
  tree,
} from './fields.ts'
export type { Author, Draft, Initial, View } from './infer.ts'
export { fingerprint } from './fingerprint.ts'
export { canonicalJson, isKey, isLowSurrogate, isWellFormed, toJson, valueBytesMax, valueDepthMax } from './json.ts'
export type { Json } from './json.ts'
export type { Lens } from './lens.ts'
export type { Policy, Transitions } from './policy.ts'
export type { Reference, WhenGone } from './reference.ts'
export { select } from './select.ts'
export type { Direction, OrderBy, Query, QueryOf, Where } from './select.ts'
export { acceptValue, badValue, reasonOf } from './validate.ts'
