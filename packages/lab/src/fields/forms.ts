import type { Stamp } from '@rejoin/base'
import type { FieldDeclaration } from '@rejoin/schema'
import type { Form, Policy } from '../policies/policy.ts'
import type { Deed } from './deed.ts'
import { declareMerging, doMerging } from './merging.ts'
import { declareRows, doRows, shownRows } from './rows.ts'
import type { FieldKind, Shape, Value } from './shape.ts'
import { declareWhole, doWhole } from './whole.ts'

/** How the fields of an entity are declared, changed and read. */
export interface FormRules {
  declare(shape: Shape, registers: Policy['registers']): Record<string, FieldDeclaration>
  do(draft: Readonly<Record<string, unknown>>, deed: Exclude<Deed, { do: 'delete' }>, given: Given): void
  /** What a person sees of what a field holds. */
  shown(kind: FieldKind, stored: unknown): Value
}

export interface Given {
  readonly shape: Shape
  /** For what has a time of its own. */
  readonly nextStamp: () => Stamp
}

const asStored = (_: FieldKind, stored: unknown): Value => stored as Value

export const forms: Readonly<Record<Form, FormRules>> = {
  merging: { declare: declareMerging, do: doMerging, shown: asStored },
  rows: {
    declare: declareRows,
    do: (draft, deed, { shape, nextStamp }) => doRows(draft, shape, deed, nextStamp),
    shown: shownRows,
  },
  whole: { declare: declareWhole, do: (draft, deed, { shape }) => doWhole(draft, shape, deed), shown: asStored },
}
