import { collectionName, fieldName, isId, RejoinError } from '@rejoin/base'
import type { CollectionName } from '@rejoin/base'
import { fieldKinds, fieldWriters } from './field.ts'
import type { Field, FieldDeclaration } from './field.ts'
import { optionFault } from './option-fault.ts'
import { frozenPolicy, policyFault } from './policy.ts'
import type { Policy } from './policy.ts'
import { fitter, validator } from './validate.ts'
import type { FieldsView } from './infer.ts'

export type Declarations = Readonly<Record<string, FieldDeclaration>>
/** Values that are worked out of a view: plain functions that give the same answer on every device. */
export type Derivations = Readonly<Record<string, unknown>>

/**
 * What a deletion does to edits made meanwhile by somebody who had not seen it: it wins, or they bring the entity back.
 * For the latter every edit leaves a sign of life, which costs it one register write.
 */
export const deletionRules = ['delete-wins', 'edit-wins'] as const
export type DeletionRule = (typeof deletionRules)[number]

/** A method, so that every collection is a `Collection`. */
type Derivation<D extends Declarations, Value> = { from(view: FieldsView<D>): Value }['from']

/** The engine of a collection that names none. */
const defaultEngine = 'yjs'

export interface CollectionOptions<D extends Declarations = Declarations, X extends Derivations = Derivations> {
  /** The kind of space in which its entities live: `openRejoin({ spaces: { course: 'course-7' } })`. */
  readonly space?: string
  /** A deletion against a concurrent edit; `delete-wins` unless told. */
  readonly deletion?: DeletionRule
  /**
   * The name of the engine that its documents are in; `yjs` unless told. Whoever opens the collection must have it. What
   * one engine has written no other reads, so it stays what it was first.
   */
  readonly engine?: string
  /** Further members of the view, from those above: `{ average: (asset) => mean(Object.values(asset.rating)) }`. */
  readonly derive?: { readonly [Name in keyof X]: (view: FieldsView<D>) => X[Name] }
}

/** A named set of entities with one schema. */
export interface Collection<D extends Declarations = Declarations, X extends Derivations = Derivations> {
  readonly name: CollectionName
  readonly space: string
  readonly deletion: DeletionRule
  readonly engine: string
  readonly fields: { readonly [Name in keyof D]: Field }
  readonly derive: { readonly [Name in keyof X]: Derivation<D, X[Name]> }
  readonly declared: D
}

/** Declares a collection; throws `bad-config` or `bad-id` with a sentence on what to correct. */
export function collection<const D extends Declarations, X extends Derivations = {}>(
  name: string,
  fields: D,
  options?: CollectionOptions<D, X>,
): Collection<D, X> {
  const { space = 'default', deletion = 'delete-wins', engine = defaultEngine, derive } = options ?? {}
  const bad = (what: string): never => {
    throw new RejoinError('bad-config', `Collection ${name}: ${what}`)
  }
  if (!isId(space)) bad(`${JSON.stringify(space)} is no valid kind of space.`)
  if (!deletionRules.includes(deletion)) bad("deletion takes 'delete-wins' or 'edit-wins'.")
  if (!isId(engine)) bad(`${JSON.stringify(engine)} is no name of an engine.`)
  const resolved = Object.entries(fields).map(([field, declared]) => toField(name, field, declared))
  const blocks = resolved.find(({ kind }) => kind === 'blocks')
  if (blocks !== undefined && engine !== defaultEngine)
    bad(`blocks are trees of Yjs types, so the field ${blocks.name} is not for the engine ${engine}; take richText.`)
  refuseSharedKeys(name, resolved)
  for (const [derived, how] of Object.entries<unknown>(derive ?? {})) {
    if (derived === 'id' || Object.hasOwn(fields, derived)) bad(`derive: ${derived} is taken.`)
    if (!isName(derived)) bad(`derive: ${derived} ${wrongName}.`)
    if (typeof how !== 'function') bad(`derive: ${derived} is a function of the view.`)
  }
  return Object.freeze<Collection<D, X>>({
    name: collectionName(name),
    space,
    deletion,
    engine,
    fields: Object.freeze(Object.fromEntries(resolved.map((field) => [field.name, field]))) as Collection<D>['fields'],
    derive: Object.freeze({ ...derive } as Collection<D, X>['derive']),
    declared: fields,
  })
}

/** The fields of a collection in the order of its schema. */
export const fieldsOf = (collection: Collection): readonly Field[] => Object.values(collection.fields)

function toField(collection: string, name: string, declared: FieldDeclaration): Field {
  const bad = (what: string): never => {
    throw new RejoinError('bad-config', `Collection ${collection}, field ${name}: ${what}`)
  }
  if (!isId(name) || name === 'id') return bad(`this name ${wrongName}`)
  if (!fieldKinds.includes(declared?.kind)) return bad(`declare it with ${fieldKinds.join(', ')}.`)
  const { key = name, lens, reference, policy = 'last-write-wins' } = declared.options
  if (!isId(key)) return bad(`the key ${JSON.stringify(key)} ${wrongName}`)
  if (!fieldWriters.includes(declared.writer)) return bad("writtenBy takes 'server' or 'owner'.")
  const validate = validator(declared.schema)
  const fault = policyFault(policy, validate) ?? optionFault(declared, key)
  if (fault !== undefined) return bad(fault)
  return Object.freeze({
    name,
    kind: declared.kind,
    key: fieldName(key),
    part: declared.writer,
    policy: frozenPolicy(policy as Policy),
    reference,
    lens,
    validate,
    fit: fitter(validate, declared.options.upgrade),
  })
}

const isName = (text: string): boolean => isId(text)
const wrongName = 'is reserved or not made of A-Z a-z 0-9 . _ ~ -'

/** The keys under which a field is found, among them that of its older form. */
function refuseSharedKeys(collection: string, fields: readonly Field[]): void {
  const seen = new Map<string, string>()
  for (const { name, part, key, lens } of fields) {
    for (const one of lens === undefined ? [key] : [key, lens.from]) {
      const other = seen.get(`${part}/${one}`)
      if (other !== undefined)
        throw new RejoinError(
          'bad-config',
          `Collection ${collection}: fields ${other} and ${name} share the key ${one}.`,
        )
      seen.set(`${part}/${one}`, name)
    }
  }
}
