import { isStamp } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { Json, Survivor, WriteId } from '../engine.ts'
import { freezeJson, storedJson } from '../content/json.ts'
import { writeIdOf } from './library.ts'

/** What stands in the map of registers under a key: a stamp and a value, as JSON. Throws `bad-value`. */
export const entryText = (stamp: Stamp, value: Json): string => JSON.stringify([stamp, storedJson(value)])

/** Undefined for what does not fit, which foreign software wrote: it is neither shown nor touched. */
export function readEntry(stored: unknown, { client, clock }: WriteId): Survivor | undefined {
  const entry = parseJson(stored)
  if (!Array.isArray(entry) || entry.length !== 2) return undefined
  const [stamp, value]: unknown[] = entry
  return isStamp(stamp) && freezeJson(value) ? { stamp, value, client, clock } : undefined
}

/** The entries among the concurrent values of a key, as Automerge gives them, in the order of survivors. */
export function readSurvivors(stored: readonly (readonly unknown[])[]): readonly Survivor[] {
  const survivors: Survivor[] = []
  for (const [type, value, id] of stored) {
    const entry = type === 'str' && typeof id === 'string' ? readEntry(value, writeIdOf(id)) : undefined
    if (entry !== undefined) survivors.push(entry)
  }
  return survivors.sort(byStampThenId)
}

/** JSON that is stored as text; undefined if it is none. */
export function parseJson(stored: unknown): unknown {
  if (typeof stored !== 'string') return undefined
  try {
    return JSON.parse(stored)
  } catch {
    return undefined
  }
}

/** Ids of operations are ordered by their counters first, as Automerge does. */
export const byStampThenId = (a: Survivor, b: Survivor): number =>
  a.stamp - b.stamp || a.clock - b.clock || a.client - b.client
