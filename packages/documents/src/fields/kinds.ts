import type { FieldKind } from '@rejoin/schema'
import { counterRules } from './counter.ts'
import type { KindRules } from './kind.ts'
import { listRules } from './list.ts'
import { registerRules } from './register.ts'
import { setRules } from './set.ts'
import { textRules } from './text.ts'

export const kinds: Readonly<Record<FieldKind, KindRules>> = {
  register: registerRules,
  text: textRules,
  counter: counterRules,
  set: setRules,
  list: listRules,
}
