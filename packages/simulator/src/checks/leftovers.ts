import type { World } from '../world/world.ts'

/** Alarms that a healthy process may have set: for its connection, its answers, its store, its views. */
const alarmsMax = 24

/** Everybody is closed in order. Nobody has set more alarms than are needed, and afterwards none is left. */
export async function checkLeftovers(world: World): Promise<void> {
  const { people, server, wrong } = world
  for (const { replica } of people) {
    const process = replica.life?.process
    if (process === undefined) continue
    if (process.waiting > alarmsMax)
      wrong.push(`[I17] ${replica.name} has ${process.waiting} alarms while all is quiet`)
    await world.finish(`the closing of ${replica.name}`, replica.close())
    if (process.waiting > 0)
      wrong.push(`[I17] ${replica.name} left ${process.waiting} alarms behind when it was closed`)
  }
  const { process } = server
  await world.finish('the closing of the server', server.close())
  if (process !== undefined && process.waiting > 0)
    wrong.push(`[I17] the server left ${process.waiting} alarms behind when it was closed`)
}
