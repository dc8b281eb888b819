import type { Act } from './plan.ts'
import { spaces } from './world/app.ts'
import type { Person } from './world/person.ts'
import { isNotFound, isStoreFailure } from './world/server.ts'
import type { World } from './world/world.ts'

/** Begins everything that the plan has, and returns what ends it. What has begun by then still comes to its end. */
export function unleash(world: World): () => void {
  const chaos = new Chaos(world)
  for (const person of world.people) chaos.around(person)
  chaos.aroundServer()
  return () => chaos.end()
}

class Chaos {
  readonly #world: World
  #isOver = false

  constructor(world: World) {
    this.#world = world
  }

  end(): void {
    this.#isOver = true
  }

  around(person: Person): void {
    const world = this.#world
    const { time, dice, counts } = world
    const { replica } = person
    world.start(person)
    this.#every('edit', () => world.attend(person.edit()))
    this.#every('look', () => world.attend(person.look()))
    this.#every('move', () => {
      // An edit that has just begun may be of the space that is being left.
      if (dice.chance(0.5)) world.attend(person.edit())
      world.attend(person.move())
    })
    this.#every('replicaCrash', () => {
      if (replica.crash()) world.restart(person)
    })
    this.#every('offline', () => {
      counts.add('offline')
      replica.life?.rejoin.goOffline()
      time.after(dice.between(100, 8_000), () => {
        replica.life?.rejoin.goOnline()
        // Somebody may come or go while the two sides are still greeting each other.
        if (world.plan.everyMs.move > 0) time.after(dice.between(0, 600), () => world.attend(person.move()))
      })
    })
    this.#every('diskFull', () => {
      replica.disk.isFull = true
      time.after(dice.between(100, 4_000), () => (replica.disk.isFull = false))
    })
    this.#every('clockJump', () => {
      counts.add('clock-jump')
      replica.setClock(dice.between(-4_000_000, dice.chance(0.3) ? 4_000_000 : 200_000))
    })
    if (world.plan.away && person === world.people[0]) time.after(world.plan.chaosMs / 4, () => this.#sendAway(person))
  }

  aroundServer(): void {
    const world = this.#world
    const { server, time, dice, counts } = world
    this.#every('serverCrash', () => {
      if (server.crash()) world.restartServer()
    })
    this.#every('logFull', () => {
      server.isFull = true
      time.after(dice.between(100, 3_000), () => (server.isFull = false))
    })
    this.#every('clockJump', () => {
      counts.add('clock-jump')
      server.setClock(dice.between(-200_000, 200_000))
    })
    this.#every('fold', () => world.attend(this.#fold()))
    this.#every('grade', () => world.attend(this.#grade()))
  }

  #every(act: Act, happen: () => void): void {
    const { time, dice, plan } = this.#world
    const meanMs = plan.everyMs[act]
    if (meanMs === 0) return
    time.after(-Math.log(1 - dice.float()) * meanMs, () => {
      if (this.#isOver) return
      happen()
      this.#every(act, happen)
    })
  }

  #sendAway(person: Person): void {
    const world = this.#world
    world.counts.add('away')
    world.away = person
    person.replica.crash()
  }

  async #fold(): Promise<void> {
    const report = await this.#world.server.server?.fold(this.#world.dice.pick(spaces))
    this.#world.counts.add('fold', report?.folded ?? 0)
  }

  async #grade(): Promise<void> {
    const { oracle, grades, server, dice, tape } = this.#world
    const notes = oracle.places.filter(({ kind }) => kind === 'notes')
    const running = server.server
    if (notes.length === 0 || running === undefined) return
    const place = dice.pick(notes)
    const wasMade = tape.isMade(place)
    const graded = grades.begin(place)
    try {
      await running.edit(place.space, 'notes', place.id, (draft) => draft.grade.set(graded.grade))
      graded.end = 'stored'
    } catch (cause) {
      // A note is known here as soon as somebody has begun it; the server may not have it yet, or never.
      if (!isStoreFailure(cause) && (wasMade || !isNotFound(cause))) throw cause
      graded.end = 'refused'
    }
  }
}
