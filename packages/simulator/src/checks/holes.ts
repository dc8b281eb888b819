import { writeGrade } from '../acts/server.ts'
import { home } from '../world/app.ts'
import type { World } from '../world/world.ts'

/** Longer than any frame takes now. */
const restMs = 1_000

/**
 * The server writes three times into one note, and the frame of the second time reaches nobody, on connections that
 * live on. From the third on whoever listens knows that something is missing. That it is asked for is seen by
 * the checks that follow: no new connection comes to the rescue.
 */
export async function makeHoles(world: World): Promise<void> {
  const { network, oracle, people, tape, time } = world
  const place = oracle.places.find((one) => one.space === home && one.kind === 'notes' && tape.isMade(one))
  if (place === undefined) return
  for (const nth of [1, 2, 3]) {
    if (nth === 2) for (const { replica } of people) network.swallowNext(replica.name)
    await world.finish('the writing of the server', writeGrade(world, place))
    await time.runUntil(time.elapsed + restMs)
  }
}
