import type { Stamp } from '@rejoin/base'
import { storedJson, wellFormed } from '../content/json.ts'
import type { Change, Heir, Json, Survivor, Untold, WriteId } from '../engine.ts'
import { nameOf } from '../history/net.ts'
import type { Content, Draft } from './draft.ts'
import { isSame, registerPlace, sizeOf } from './parts.ts'
import type { ListPart, Part, Place, TextPart } from './parts.ts'
import { insertInto } from './runs.ts'

/** A change as what stood at a place and what was put there. */
interface Step {
  readonly place: Place
  readonly removed: readonly Part[]
  readonly wrote: Part | undefined
  /** What else it names. */
  readonly after: WriteId | null
}

/** A step to be made again: what it takes away by the ids that this has then. */
interface Again {
  readonly place: Place
  readonly removed: readonly WriteId[]
  readonly wrote: Part | undefined
}

export interface Plan {
  readonly steps: readonly Again[]
  readonly heirs: readonly Heir[]
}

/** Undefined if something named has not been seen and is not made before. Throws `bad-value` on what cannot be stored. */
export function planRedo(changes: readonly Change[], next: WriteId, knows: (id: WriteId) => boolean): Plan | undefined {
  const steps: Again[] = []
  const heirs: Heir[] = []
  const made = new Map<string, WriteId>()
  let { clock } = next
  for (const change of changes) {
    if (change.root === 'untold') return undefined
    const { place, removed, wrote, after } = stepOf(change)
    const now = removed.map((part) => made.get(nameOf(part)) ?? (knows(lastOf(part)) ? part : undefined))
    if (now.includes(undefined) || (after !== null && !knows(after))) return undefined
    steps.push({ place, removed: now.filter((id) => id !== undefined), wrote })
    if (wrote === undefined || sizeOf(wrote) === 0) continue
    const id = { client: next.client, clock }
    heirs.push(heirOf(wrote, id))
    made.set(nameOf(wrote), id)
    clock += sizeOf(wrote)
  }
  return { steps, heirs }
}

export function redo(draft: Draft, { steps, heirs }: Plan): readonly Heir[] {
  for (const { place, removed, wrote } of steps) {
    const stands = draft.at(place)
    if (stands !== undefined && removed.some((id) => isSame(id, stands))) draft.remove(place)
    if (wrote !== undefined) draft.put(contentOf(wrote))
  }
  return heirs
}

/** Of each place that still holds what was put there last, and of each that was emptied and still is: what was there before. */
export function revert(draft: Draft, changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
  const heirs: Heir[] = []
  let stamp: Stamp | undefined
  for (const [place, { wrote, removed }] of netOf(changes)) {
    const stands = draft.at(place)
    // Others have replaced or removed it: theirs stays.
    if (wrote.size > 0 ? stands === undefined || !wrote.has(nameOf(stands)) : stands !== undefined) continue
    draft.remove(place)
    if (removed === undefined) continue
    const content = contentOf(removed)
    const back = content.root === 'registers' ? { ...content, stamp: (stamp ??= nextStamp()) } : content
    heirs.push(heirOf(removed, draft.put(back)))
  }
  return heirs
}

/** What a list of changes did to a place together: what it put there and left, by ids, and what had been there before. */
interface Net {
  readonly wrote: Set<string>
  removed: Part | undefined
}

function netOf(changes: readonly Change[]): ReadonlyMap<Place, Net> {
  const places = new Map<Place, Net>()
  for (const change of changes) {
    if (change.root === 'untold') continue
    const { place, removed, wrote } = stepOf(change)
    const net = places.get(place) ?? { wrote: new Set(), removed: undefined }
    places.set(place, net)
    for (const part of removed) if (!net.wrote.delete(nameOf(part))) net.removed = part
    if (wrote !== undefined && sizeOf(wrote) > 0) net.wrote.add(nameOf(wrote))
  }
  return places
}

function stepOf(change: Exclude<Change, Untold>): Step {
  if (change.root === 'registers') {
    const { key, removed, wrote } = change
    const part = ({ client, clock, stamp, value }: Survivor): Part => ({
      root: 'registers',
      key: wellFormed(key),
      client,
      clock,
      stamp,
      value: storedJson(value),
    })
    return {
      place: registerPlace(wellFormed(key)),
      removed: removed.map(part),
      wrote: wrote && part(wrote),
      after: null,
    }
  }
  if ('delete' in change)
    return { place: change.root, removed: [rowOf(change.delete, change.id)], wrote: undefined, after: null }
  return { place: change.root, removed: [], wrote: rowOf(change.insert, change.id), after: change.after }
}

function rowOf(content: string | readonly Json[], { client, clock }: WriteId): TextPart | ListPart {
  if (typeof content !== 'string') return { root: 'list', values: content.map(storedJson), client, clock }
  return { root: 'text', runs: insertInto([], 0, wellFormed(content)), client, clock }
}

function contentOf(part: Part): Content {
  if (part.root === 'text') return { root: part.root, runs: part.runs }
  if (part.root === 'list') return { root: part.root, values: part.values }
  return { root: part.root, key: part.key, stamp: part.stamp, value: part.value }
}

const heirOf = (part: Part, { client, clock }: WriteId): Heir => ({
  of: { client: part.client, clock: part.clock },
  id: { client, clock },
  length: sizeOf(part),
})

const lastOf = (part: Part): WriteId => ({ client: part.client, clock: part.clock + sizeOf(part) - 1 })
