import { nameOf } from '../world/app.ts'
import { disputeOf } from '../world/entity.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'
import { readAll } from './pages.ts'
import type { Read } from './pages.ts'

/** Whether every replica shows the same as `expected` in the spaces that it has joined, by hash. */
export async function checkEqual(
  world: World,
  people: readonly Person[],
  expected: ReadonlyMap<string, Read>,
): Promise<void> {
  for (const { replica, joined } of people) {
    const rejoin = replica.life?.rejoin
    if (rejoin === undefined) continue
    const places = world.oracle.places.filter(({ space }) => joined.includes(space))
    const reads = await readAll(rejoin, places)
    const listed = await rejoin.conflicts.list()
    for (const place of places) {
      const name = nameOf(place)
      const [mine, theirs] = [reads.get(name)?.hash ?? 'nothing', expected.get(name)?.hash ?? 'nothing']
      if (mine !== theirs)
        world.wrong.push(`[I3] ${replica.name} has ${name} as ${mine.slice(0, 8)}, not ${theirs.slice(0, 8)}`)
      const disputed = expected.get(name)
      const disputes = listed
        .filter(({ space, collection, entity }) => name === `${space}/${collection}/${entity}`)
        .map(disputeOf)
      if (JSON.stringify(disputes) !== JSON.stringify(disputed?.isDeleted === true ? [] : (disputed?.disputes ?? [])))
        world.wrong.push(`[I3] ${replica.name} lists other conflicts of ${name}: ${JSON.stringify(disputes)}`)
      world.trace.note(world.time.elapsed, `${replica.name} ${name} ${mine}`)
    }
  }
}

/** Whether what is held open or watched shows what is there: an entity its page, a list every entity. */
export async function checkShown(world: World, { replica }: Person): Promise<void> {
  const { life } = replica
  if (life === undefined) return
  for (const opened of life.kept.values())
    if (JSON.stringify(opened.shown()) !== JSON.stringify(opened.page()))
      world.wrong.push(`[I7] ${replica.name} watches ${nameOf(opened.place)} and was not shown its last state`)
  const listed = await life.rejoin.notes.list()
  if (JSON.stringify(listed) !== JSON.stringify(life.list ?? []))
    world.wrong.push(`[I7] ${replica.name} watches a list and was not shown its last state`)
  for (const { id, body, ...rest } of listed) {
    const note = await life.rejoin.notes.open(id)
    const { body: whole = '', ...view } = note?.view() ?? {}
    if (!whole.startsWith(body) || JSON.stringify({ id, ...rest }) !== JSON.stringify(view))
      world.wrong.push(
        `[I7] ${replica.name} lists ${id} otherwise than it opens it ${JSON.stringify({ id, ...rest })} ${JSON.stringify(view)}`,
      )
    await note?.close()
  }
}
