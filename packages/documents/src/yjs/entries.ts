import { isStamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { Survivor } from '../engine.ts'
import { freezeJson } from '../content/json.ts'

/** An element of the root array, named by its Yjs id: items themselves come and go as Yjs merges and splits. */
export interface Entry extends Survivor {
  readonly key: string
}

/** The entries of an item, deleted or not. What does not fit was written by foreign software: neither shown nor touched. */
export function readEntries({ id: { client, clock: first }, content }: Y.Item): readonly Entry[] {
  const entries: Entry[] = []
  if (!(content instanceof Y.ContentAny)) return entries
  for (const [i, element] of content.arr.entries()) {
    if (!Array.isArray(element) || element.length !== 3) continue
    const [key, stamp, value]: unknown[] = element
    if (typeof key === 'string' && isStamp(stamp) && freezeJson(value))
      entries.push({ key, stamp, value, client, clock: first + i })
  }
  return entries
}

export const byStampThenId = (a: Survivor, b: Survivor): number =>
  a.stamp - b.stamp || a.client - b.client || a.clock - b.clock
