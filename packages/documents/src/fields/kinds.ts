import type { FieldKind } from '@rejoin/schema'
import { counterRules } from './counter.ts'
import type { KindRules } from './kind.ts'
import { listRules } from './list.ts'
import { mapRules } from './map.ts'
import { blocksRules } from './blocks.ts'
import { movableListRules } from './movable-list.ts'
import { registerRules } from './register.ts'
import { richTextRules } from './rich-text.ts'
import { growSetRules, setRules } from './set.ts'
import { textRules } from './text.ts'
import { treeRules } from './tree.ts'

export const kinds: Readonly<Record<FieldKind, KindRules>> = {
  register: registerRules,
  text: textRules,
  richText: richTextRules,
  blocks: blocksRules,
  counter: counterRules,
  set: setRules,
  growSet: growSetRules,
  map: mapRules,
  list: listRules,
  movableList: movableListRules,
  tree: treeRules,
}
