import type { RegisterChange, Survivor, WriteId } from '../engine.ts'

/** What a list of changes did to one key together: what it wrote and left, what it removed that it had not written. */
export interface Net {
  readonly wrote: ReadonlyMap<string, Survivor>
  readonly removed: ReadonlyMap<string, Survivor>
}

export function netOf(changes: readonly RegisterChange[]): ReadonlyMap<string, Net> {
  const keys = new Map<string, { wrote: Map<string, Survivor>; removed: Map<string, Survivor> }>()
  for (const { key, wrote, removed } of changes) {
    const net = keys.get(key) ?? { wrote: new Map(), removed: new Map() }
    keys.set(key, net)
    for (const each of removed) if (!net.wrote.delete(nameOf(each))) net.removed.set(nameOf(each), each)
    if (wrote !== undefined) net.wrote.set(nameOf(wrote), wrote)
  }
  return keys
}

/** An id as a key of maps. */
export const nameOf = ({ client, clock }: WriteId): string => `${client}.${clock}`
