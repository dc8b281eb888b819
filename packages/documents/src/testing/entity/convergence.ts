import type { PartDocument } from '@rejoin/schema'
import { canonicalHash } from '../../view/canonical.ts'
import type { Update } from '../../engine.ts'
import type { Entity } from '../../entity/entity.ts'
import { viewOf } from '../../view/view.ts'
import type { Dice } from './dice.ts'
import { entityLaw } from './law.ts'
import type { Claim, EntityLaw } from './law.ts'
import { Replica, theId } from './replica.ts'
import type { Scope } from './scope.ts'
import { nameOf } from './write.ts'
import type { World } from './world.ts'

/** The laws of equal updates, equal state, in all fields of the scope. */
export const convergenceLaws = (scope: Scope): readonly EntityLaw[] => [
  entityLaw('[DO190] replicas that have the same updates are equal, however these came', scope, () => ({
    end(world, dice) {
      for (const replica of world.replicas) deliverAll(world, replica, dice)
      const states = world.replicas.map(({ entity }) => stateOf(entity))
      const twice = dice.shuffled([...updatesIn(world), ...updatesIn(world)])
      expectEqual(states, stateOf(freshOf(world, twice, dice)))
    },
  })),
  entityLaw('[DO191] squashed runs of a writer have the effect of its updates', scope, () => ({
    end(world, dice) {
      const expected = stateOf(freshOf(world, updatesIn(world), dice))
      const squashed = runsOf(world).flatMap(({ at, updates }) =>
        dice.pieces(updates, 6).map((piece) => ({ at, update: world.engine.squash(piece) })),
      )
      expectEqual([stateOf(freshOf(world, squashed))], expected)
      const mixed = dice.shuffled([...squashed, ...updatesIn(world).filter(() => dice.below(3) === 0)])
      expectEqual([stateOf(freshOf(world, mixed, dice))], expected)
    },
  })),
  entityLaw('[DO192] what is stored is what was in memory, and gives the same view without an entity', scope, () => ({
    end(world, dice) {
      const expected = stateOf(freshOf(world, updatesIn(world), dice))
      for (const replica of world.replicas) {
        if (dice.below(2) === 0) deliverAll(world, replica, dice)
        if (dice.below(2) === 0) replica.save()
        const before = shownBy(replica.entity)
        const view = viewOf(world.scope.collection, theId, world.engine, replica.stored())
        expectEqual([JSON.stringify(view)], replica.entity.exists() ? JSON.stringify(replica.entity.view()) : undefined)
        if (dice.below(2) === 0) replica.restart()
        else replica.rebuildWithout(new Set())
        expectEqual([shownBy(replica.entity)], before)
        deliverAll(world, replica, dice)
        expectEqual([stateOf(replica.entity)], expected)
      }
    },
  })),
]

/** After everything has come to everybody. */
export const equalInTheEnd: Claim = {
  end(world, dice) {
    for (const replica of world.replicas) deliverAll(world, replica, dice)
    expectEqual(
      world.replicas.map(({ entity }) => stateOf(entity)),
      stateOf(freshOf(world, dice.shuffled(updatesIn(world)), dice)),
    )
  },
}

interface Sent {
  readonly at: PartDocument
  readonly update: Update
}

const updatesIn = (world: World): readonly Sent[] =>
  world.writes.flatMap(({ documents }) =>
    [...documents.values()].flatMap(({ at, update }) => (update === undefined ? [] : [{ at, update }])),
  )

/** Brings a replica what it lacks in any order, in pieces, and some of it once more. */
function deliverAll(world: World, replica: Replica, dice: Dice): void {
  for (const piece of dice.pieces(dice.shuffled(replica.lacks(world.writes)), 8)) {
    replica.take(piece)
    const [write, document] = piece[0] ?? []
    const touch = document === undefined ? undefined : write?.documents.get(document)
    if (touch?.update !== undefined) replica.entity.apply(touch.at, [touch.update, touch.update])
  }
}

/** An entity that had nothing and got all this, one by one, or in calls of several. */
function freshOf(world: World, sent: readonly Sent[], dice?: Dice): Entity {
  const { entity } = new Replica({
    collection: world.scope.collection,
    engine: world.engine,
    number: 0,
    nowMs: () => 0,
    nextSession: () => 1_000,
  })
  for (const piece of dice?.pieces(sent, 9) ?? sent.map((one) => [one])) {
    const byDocument = Map.groupBy(piece, ({ at }) => nameOf(at))
    for (const group of byDocument.values())
      if (group[0] !== undefined)
        entity.apply(
          group[0].at,
          group.map(({ update }) => update),
        )
  }
  return entity
}

/** What each writer did to each document, in order. */
function runsOf({ writes }: World): readonly { readonly at: PartDocument; readonly updates: readonly Update[] }[] {
  const runs = new Map<string, { at: PartDocument; updates: Update[] }>()
  for (const write of writes)
    for (const [document, { at, update }] of write.documents) {
      if (update === undefined) continue
      const name = `${write.session} ${document}`
      const run = runs.get(name) ?? { at, updates: [] }
      run.updates.push(update)
      runs.set(name, run)
    }
  return [...runs.values()]
}

/** Nothing waits, and this is what it is. */
function stateOf(entity: Entity): string {
  if (entity.pending()) throw new Error('updates wait, though all have come')
  return shownBy(entity)
}

const shownBy = (entity: Entity): string => `${canonicalHash(entity.canonical())} ${JSON.stringify(entity.view())}`

function expectEqual(found: readonly unknown[], expected: unknown): void {
  for (const [i, one] of found.entries())
    if (one !== expected) throw new Error(`replica ${i} has\n${String(one)}\ninstead of\n${String(expected)}`)
}
