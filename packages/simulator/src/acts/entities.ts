import type { Resolution } from '@rejoin/client'
import { openEntity } from '../world/entity.ts'
import type { PersonAct } from './act.ts'
import type { Dice } from '../world/dice.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

/** What people do to an entity as a whole, and to what is disputed in it. */
export const entityActs = {
  delete: (world, person, dice) => world.attend(turn(world, person, dice)),
  settle: (world, person, dice) => world.attend(settle(world, person, dice)),
} as const satisfies Record<string, PersonAct>

/** Somebody deletes an entity, or takes that back. */
async function turn({ oracle, counts }: World, { replica, joined }: Person, dice: Dice): Promise<void> {
  const { life } = replica
  const places = oracle.places.filter(({ space }) => joined.includes(space))
  if (life === undefined || places.length === 0) return
  const opened = await openEntity(life.rejoin, dice.pick(places), { deleted: true })
  if (opened === undefined) return
  const { receipt, touched } = opened.turn('normal')
  oracle.edited(replica.name, opened.place, oracle.nextMark(), touched, receipt)
  life.unsettled.push(receipt)
  counts.add(touched.life === 'live' ? 'undeleted' : 'deleted')
  await opened.close()
}

/** Somebody settles a conflict, as it was shown a while ago. */
async function settle({ oracle, counts }: World, { replica }: Person, dice: Dice): Promise<void> {
  const { life } = replica
  const conflicts = (await life?.rejoin.conflicts.list()) ?? []
  if (life === undefined || conflicts.length === 0) return
  const conflict = dice.pick(conflicts)
  const { space, collection: kind, entity: id, values } = conflict
  if (kind !== 'notes' && kind !== 'tasks') return
  await life.process.sleep(dice.between(0, 3_000))
  const mark = oracle.nextMark()
  const choices: (readonly [resolution: Resolution, value: unknown])[] = [[{ value: mark }, mark]]
  if (values.every(({ by }) => by !== undefined))
    for (const whose of ['mine', 'theirs'] as const) {
      const chosen = values.findLast(({ mine }) => mine === (whose === 'mine'))
      if (chosen !== undefined) choices.push([whose, chosen.value])
    }
  const [resolution, value] = dice.pick(choices)
  const receipt = await life.rejoin.conflicts.resolve(conflict, resolution)
  const state = { value, over: values.map((competing) => competing.value) }
  oracle.edited(
    replica.name,
    { space, kind, id },
    mark,
    { marked: false, typed: false, stepped: false, state },
    receipt,
  )
  life.unsettled.push(receipt)
  counts.add('settled')
}
