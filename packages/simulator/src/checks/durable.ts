import type { Status } from '@rejoin/client'
import type { VirtualDisk } from '../disk/virtual-disk.ts'
import { nameOf } from '../world/app.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'
import { readAll } from './pages.ts'
import type { Read } from './pages.ts'

/** What is durable on the disk of a replica when it says, from now on for the first time, that it is level. */
export function diskWhenLevel({ replica }: Person): () => VirtualDisk | undefined {
  let disk: VirtualDisk | undefined
  const heard = ({ synced }: Status): void => {
    if (synced) disk ??= replica.disk.copy()
  }
  const status = replica.life?.rejoin.status
  if (status !== undefined) heard(status.now)
  status?.watch(heard)
  return () => disk
}

/** Whether a replica that has this disk, and no network, shows all that was there when it was level. */
export async function checkDurable(
  world: World,
  name: string,
  disk: VirtualDisk,
  expected: ReadonlyMap<string, Read>,
): Promise<void> {
  const { oracle, network, wrong } = world
  const alone = world.newPerson(`${name}-alone`, { user: name, disk })
  network.trouble([alone.replica.name], { up: 0, down: 0 })
  await world.finish(`the start of the ${name} alone`, alone.start())
  const rejoin = alone.replica.life?.rejoin
  if (rejoin === undefined) return
  const reads = await world.finish(`the reading of the ${name} alone`, readAll(rejoin, oracle.places))
  for (const place of oracle.places)
    if (reads?.get(nameOf(place))?.hash !== expected.get(nameOf(place))?.hash)
      wrong.push(`[I19] ${name} said that it is level when its disk did not have all of ${nameOf(place)}`)
  await world.finish(`the closing of the ${name} alone`, rejoin.close())
}
