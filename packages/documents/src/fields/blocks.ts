import { badValue } from '@rejoin/schema'
import type { BlockNode, BlocksReader } from '@rejoin/schema'
import type { FieldAccess } from '../draft/scope.ts'
import type { KindRules } from './kind.ts'

/** A tree of blocks in a document of its own, which an editor writes through its binding. */
export const blocksRules: KindRules = {
  keys: 'none',
  draft: (access) => new BlocksField(access),
  initialise(access) {
    throw badValue(access.field, 'blocks are written by an editor')
  },
  read: ({ document, textMax }) => (document === undefined ? [] : document.stored.blocks.nodes(textMax)),
}

class BlocksField implements BlocksReader {
  readonly #access: FieldAccess

  constructor(access: FieldAccess) {
    this.#access = access
  }

  nodes(): readonly BlockNode[] {
    this.#access.reading()
    return this.#access.document.stored.blocks.nodes()
  }
}
