import type { Entry, SpaceId, WriterId } from '@rejoin/base'

/** A writer as this connection declared it. */
export interface WriterSlot {
  readonly slot: number
  readonly spaceSlot: number
  readonly space: SpaceId
  readonly writer: WriterId
  /** Declared and not yet registered in the space: CRDT client ids. */
  clientIds: readonly number[]
  /** The entries so far of a group that is not complete. */
  group: readonly Entry[]
}

/** A slot declared again may bring more client ids, and nothing else. */
export function mergeWriters(old: WriterSlot, declared: WriterSlot): WriterSlot | undefined {
  if (old.writer !== declared.writer || old.space !== declared.space) return undefined
  old.clientIds = [...new Set([...old.clientIds, ...declared.clientIds])]
  return old
}
