import type { BlockNode, BlocksRoot } from '../engine.ts'

/** Only a ProseMirror editor writes blocks, and it writes them into a tree of Yjs. */
export const noBlocks: BlocksRoot = {
  length: 0,
  nodes: (): readonly BlockNode[] => [],
  clear: () => undefined,
}
