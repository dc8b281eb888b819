import type { Author, PartDocument } from '@rejoin/schema'
import type { Conflict, Resolution } from '../../conflicts/conflict.ts'
import type { EditResult } from '../../entity/entity.ts'
import type { Claim } from './law.ts'
import type { Disputed, Replica } from './replica.ts'
import { maximaOf } from './subjects/concurrent.ts'
import type { Put } from './subjects/concurrent.ts'
import { deedsOf, nameOf } from './write.ts'
import type { Deed } from './write.ts'
import type { World } from './world.ts'

interface Settled {
  readonly as: Author
  readonly result: EditResult
  readonly meant: { readonly at: PartDocument; readonly deeds: readonly Deed[] }
}

/** Keeps a conflict as it is shown, to settle it when more has come. */
export function look(replica: Replica, pick: number): void {
  replica.disputed = shownNow(replica, pick) ?? replica.disputed
}

function shownNow({ entity, knows }: Replica, pick: number): Disputed | undefined {
  const all = entity.conflicts()
  const conflict = all[pick % all.length]
  return conflict && { conflict, shownOf: new Set(knows.get(nameOf({ part: conflict.part, field: '' }))) }
}

/** Settles a conflict as it is shown, or as it was shown some time ago; undefined if that cannot be. */
export function settle(replica: Replica, pick: number, fresh: () => number): Settled | undefined {
  const disputed = (pick % 2 === 1 ? replica.disputed : undefined) ?? shownNow(replica, pick)
  if (disputed === undefined) return undefined
  const { conflict, shownOf } = disputed
  const { part, field, member, values } = conflict
  const value = pick % 3 === 0 ? Number(values[0]?.value) : fresh()
  const resolution: Resolution = pick % 3 === 0 ? ([oldest]) => oldest?.value ?? null : { value }
  const result = replica.entity.resolve(conflict, resolution)
  // Settled already, or of another owner.
  if ('error' in result) return undefined
  const what = { set: value, over: values.map((one) => one.value), isAgain: true, shownOf, name: member }
  const as = part === 'server' ? 'server' : 'user'
  return { as, result, meant: { at: { part, field: '' }, deeds: [{ field, what }] } }
}

/** What compete is what the model says. */
export const conflicts: Claim = {
  step: expectConflicts,
  end: (world) => {
    for (const replica of world.replicas) expectConflicts(world, replica)
  },
}

function expectConflicts({ scope }: World, replica: Replica): void {
  const expected = [...scope.fields.values()].flatMap(({ name }) => {
    if (scope.collection.fields[name]?.policy !== 'manual') return []
    return [...replica.knows].flatMap(([document, writes]) => {
      const deeds = deedsOf<Put & { readonly name?: string }>(writes, document, name)
      return [...new Set(deeds.map(({ what }) => what.name))].flatMap((member) => {
        const maxima = maximaOf(deeds.filter(({ what }) => what.name === member))
        const values = [...new Set(maxima.map(({ what }) => String(what.set)))].sort()
        return values.length > 1 ? [`${document}${name} ${member}: ${values.join()}`] : []
      })
    })
  })
  const found = replica.entity.conflicts().map(toText)
  const [one, other] = [found.sort().join(' | '), expected.sort().join(' | ')]
  if (one !== other) throw new Error(`replica ${replica.number}: ${one || 'nothing'} competes instead of ${other}`)
}

function toText({ part, field, member, values }: Conflict): string {
  if (values.some(({ at }, i) => at < (values[i - 1]?.at ?? 0)))
    throw new Error(`values of ${field} are not oldest first`)
  const distinct = [...new Set(values.map(({ value }) => String(value)))].sort()
  return `${part}/${field} ${member}: ${distinct.join()}`
}
