import { isId } from '@rejoin/base'
import type { FieldDeclaration, FieldKind } from './field.ts'
import { whenGoneRules } from './reference.ts'

/** Kinds of single values, which compete; the others merge in their own way. */
const valueKinds: ReadonlySet<FieldKind> = new Set(['register', 'map'])
const setKinds: ReadonlySet<FieldKind> = new Set(['set', 'growSet'])
const listKinds: ReadonlySet<FieldKind> = new Set(['list', 'movableList', 'tree'])

/** What is wrong with the options of a field; types leave it out, this tells those who have none. */
export function optionFault({ kind, writer, options }: FieldDeclaration, key: string): string | undefined {
  const { lens, upgrade, policy, reference } = options
  if (policy !== undefined && !valueKinds.has(kind))
    return `a ${kind} merges in its own way; conflicts is for registers and maps.`
  if (upgrade !== undefined) {
    if (setKinds.has(kind)) return 'upgrade is not for sets, whose elements are stored by their own text.'
    if (!valueKinds.has(kind) && !listKinds.has(kind)) return `upgrade is not for a ${kind}, which has no schema.`
    if (typeof upgrade !== 'function') return 'upgrade is a function.'
  }
  if (reference !== undefined && !whenGoneRules.includes(reference.whenGone))
    return "whenGone takes 'keep', 'clear' or 'hide'."
  if (reference?.whenGone === 'hide' && writer === 'owner')
    return "whenGone: 'hide' would let one user hide the entity from all."
  if (lens === undefined) return undefined
  if (!valueKinds.has(kind)) return 'lens is for registers and maps.'
  if (!isId(lens.from) || lens.from === key) return 'lens.from is the key that the field had, another than it has now.'
  if (typeof lens.up !== 'function') return 'lens.up is a function.'
  return lens.down === undefined || typeof lens.down === 'function' ? undefined : 'lens.down is a function.'
}
