import type { Deed } from '../fields/deed.ts'
import { wasSeenBy } from '../ledger/edit.ts'
import type { Edit } from '../ledger/edit.ts'
import { listIn, symbolsOf, votesIn } from './shown.ts'
import type { End, Invariant } from './workload.ts'

/** Says what it says of a field of an entity that is there; of one that is deleted nobody can see anything. */
interface Claim {
  readonly name: string
  readonly of: string
  readonly field: string
}

type Done<Do extends Deed['do']> = readonly (readonly [deed: Deed & { do: Do }, edit: Edit])[]

/** The number is the sum of all that was added. */
export const counterExact = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const sum = done(end, claim.field, 'add').reduce((total, [{ amount }]) => total + amount, 0)
    return end.shown?.[claim.field] === sum ? 0 : 1
  })

/** Every line that was appended is there, once. */
export const noLineLost = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const lines = done(end, claim.field, 'append').map(([{ line }]) => line)
    return notOnce(lines, listIn(end.shown, claim.field))
  })

/** Every item that was placed and that nobody removed is there, once. */
export const eachOnce = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const removed = new Set(done(end, claim.field, 'remove').map(([{ item }]) => item))
    const placed = done(end, claim.field, 'place').map(([{ item }]) => item)
    return notOnce(
      placed.filter((item) => !removed.has(item)),
      listIn(end.shown, claim.field),
    )
  })

/** An element is there if and only if somebody put it there whom nobody who took it out had seen. */
export const asPutAndTaken = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const there = listIn(end.shown, claim.field)
    const puts = done(end, claim.field, 'put')
    const takes = done(end, claim.field, 'take')
    const standing = puts.filter(
      ([{ element }, put]) => !takes.some(([taken, take]) => taken.element === element && wasSeenBy(put, take)),
    )
    const wanted = new Set(standing.map(([{ element }]) => element))
    return notOnce([...wanted], there) + there.filter((element) => !wanted.has(element)).length
  })

/** The value is one that somebody wrote and that nobody who had seen it replaced. */
export const latestValue = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const writes = done(end, claim.field, 'set')
    const latest = latestOf(writes)
    return writes.length === 0 || latest.some(({ value }) => value === end.shown?.[claim.field]) ? 0 : 1
  })

/** Of everybody who voted one vote is there, and it is one after which the same user did not vote again. */
export const latestVotes = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const shown = votesIn(end.shown, claim.field)
    const votes = done(end, claim.field, 'vote')
    const users = new Set(votes.map(([{ by }]) => by))
    return [...users].filter((user) => {
      const latest = latestOf(votes.filter(([{ by }]) => by === user))
      return !latest.some(({ stars }) => stars === shown[user])
    }).length
  })

/** Every symbol that was typed and that nobody erased is there, once. */
export const nothingTypedLost = (claim: Claim): Invariant =>
  ifThere(claim, (end) => {
    const erased = new Set(done(end, claim.field, 'erase').flatMap(([{ symbols }]) => [...symbols]))
    const typed = done(end, claim.field, 'type').flatMap(([{ symbols }]) => [...symbols])
    return notOnce(
      typed.filter((symbol) => !erased.has(symbol)),
      symbolsOf(end.shown, claim.field),
    )
  })

/** No device shows an earlier step after a later one, and the end is the last step that anybody took. */
export const neverBack = (claim: Claim, steps: readonly string[]): Invariant =>
  ifThere(claim, (end) => {
    const back = end.changes.filter(
      ({ field, from, to }) => field === claim.field && steps.indexOf(to) < steps.indexOf(from),
    )
    const furthest = Math.max(-1, ...done(end, claim.field, 'set').map(([{ value }]) => steps.indexOf(value)))
    const atEnd = steps.indexOf(String(end.shown?.[claim.field]))
    return back.length + (atEnd < furthest ? 1 : 0)
  })

/** What was deleted is not there. */
export const staysDeleted = (name: string, of: string): Invariant => ({
  name,
  of,
  broken({ entity, shown, ledger }) {
    const isDeleted = ledger.of(entity).some(({ deeds }) => deeds.some((deed) => deed.do === 'delete'))
    return isDeleted && shown !== undefined ? 1 : 0
  },
})

const ifThere = ({ name, of }: Claim, broken: (end: End) => number): Invariant => ({
  name,
  of,
  broken: (end) => (end.shown === undefined ? 0 : broken(end)),
})

/** Those that nobody followed who had seen them. */
const latestOf = <Do extends Deed['do']>(deeds: Done<Do>): readonly (Deed & { do: Do })[] =>
  deeds.filter(([, edit]) => !deeds.some(([, later]) => later !== edit && wasSeenBy(edit, later))).map(([deed]) => deed)

function done<Do extends Deed['do']>({ ledger, entity }: End, field: string, kind: Do): Done<Do> {
  const found: (readonly [Deed & { do: Do }, Edit])[] = []
  for (const edit of ledger.of(entity))
    for (const deed of edit.deeds)
      if (deed.do === kind && 'field' in deed && deed.field === field) found.push([deed as Deed & { do: Do }, edit])
  return found
}

/** How many of these are missing, and how many copies there are too many. */
function notOnce(wanted: readonly string[], there: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const each of there) counts.set(each, (counts.get(each) ?? 0) + 1)
  return wanted.reduce((sum, each) => sum + Math.abs((counts.get(each) ?? 0) - 1), 0)
}
