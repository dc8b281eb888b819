import type { Life } from '../../entity/life.ts'
import type { Claim } from './law.ts'
import type { Replica } from './replica.ts'
import { deedsOf, nameOf } from './write.ts'
import type { Done } from './write.ts'
import { lifeField, registersOfShared } from './world.ts'
import type { World } from './world.ts'

type Sign = 'sign' | 'delete' | 'undelete' | 'purge'

/** An entity is there, or not, by what was done to it, and refuses edits where it was deleted. */
export const lives: Claim = {
  step: expectLife,
  end: (world) => {
    for (const replica of world.replicas) expectLife(world, replica)
  },
}

function expectLife({ scope }: World, replica: Replica): void {
  const document = nameOf(registersOfShared)
  const deeds = deedsOf<Sign>(replica.knows.get(document) ?? [], document, lifeField)
  const expected = scope.collection.deletion === 'edit-wins' ? whereEditsWin(deeds) : whereDeletionsWin(deeds)
  const found = replica.entity.life()
  if (found !== expected) throw new Error(`replica ${replica.number}: the entity is ${found}, not ${expected}`)
  const isRefused = 'error' in replica.entity.edit('user', () => undefined)
  if (isRefused !== (expected === 'deleted' || expected === 'purged'))
    throw new Error(`replica ${replica.number}: an edit of what is ${expected} was ${isRefused ? 'refused' : 'taken'}`)
}

const isLife = ({ what }: Done<Sign>): boolean => what === 'sign' || what === 'undelete'

/** A deletion stands until it is taken back by somebody who has seen it. */
function whereDeletionsWin(deeds: readonly Done<Sign>[]): Life {
  if (deeds.some(({ what }) => what === 'purge')) return 'purged'
  const isTakenBack = (one: Done<Sign>): boolean => deeds.some((other) => other.what === 'undelete' && other.saw(one))
  if (deeds.some((one) => one.what === 'delete' && !isTakenBack(one))) return 'deleted'
  return deeds.some(isLife) ? 'live' : 'absent'
}

/** A deletion takes away only the life that it has seen. */
function whereEditsWin(deeds: readonly Done<Sign>[]): Life {
  if (deeds.some(({ what }) => what === 'purge')) return 'purged'
  const deletions = deeds.filter(({ what }) => what === 'delete')
  if (deeds.some((one) => isLife(one) && !deletions.some((deletion) => deletion.saw(one)))) return 'live'
  return deletions.length > 0 ? 'deleted' : 'absent'
}
