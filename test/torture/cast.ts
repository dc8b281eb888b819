import { devToken } from '@rejoin/server'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createActor } from './actor.ts'
import type { Actor } from './actor.ts'
import { spaces } from './app.ts'
import type { Place } from './app.ts'
import type { Dice } from './dice.ts'
import type { Moment } from './moments.ts'
import type { ReplicaCalls, ReplicaStart } from './replica.ts'
import type { ServerCalls, ServerStart } from './server.ts'

export interface CastOptions {
  readonly folder: string
  readonly cache: string
  /** Begins the seeds of all. */
  readonly seed: string
  readonly dice: Dice
  readonly replicas: number
  told(moment: Moment): void
  died(message: string): void
}

/** The processes of a round. */
export interface Cast {
  readonly server: Actor<ServerCalls>
  readonly replicas: readonly Actor<ReplicaCalls>[]
  /** A replica that was never there before. */
  readonly fresh: Actor<ReplicaCalls>
}

const secret = 'a secret of the torture, of 32 bytes or more'
const gradesOfOneLife = 1_000_000

export async function createCast(options: CastOptions): Promise<Cast> {
  const { folder, seed, dice, cache, told, died } = options
  const names = Array.from({ length: options.replicas }, (_, i) => `r${i}`)
  const graded = names.flatMap(notesOf)
  const port = await freePort(dice)
  const conditions = {
    foldEntriesMin: dice.pick([8, 30, 120]),
    foldBytesMin: dice.pick([1024, 8 * 1024]),
    tailRowsMax: dice.pick([5, 40, 1000]),
    pauseMsMax: dice.pick([5, 20, 60]),
  }
  const common = { folder, cache, told, died }
  const server = createActor<ServerCalls>({
    ...common,
    name: 'server',
    entry: 'server',
    start: (life, number): ServerStart => ({
      folder: join(folder, 'server'),
      ledger: life.ledger,
      port,
      secret,
      seed: `${seed}/${life.name}`,
      firstGrade: 1 + number * gradesOfOneLife,
      graded,
      foldEntriesMin: conditions.foldEntriesMin,
      foldBytesMin: conditions.foldBytesMin,
    }),
  })
  const replica = async (name: string, own: readonly Place[], pauseMsMax: number): Promise<Actor<ReplicaCalls>> => {
    const token = await devToken({ secret, user: name, spaces: { '*': 'editor' } })
    return createActor<ReplicaCalls>({
      ...common,
      name,
      entry: 'replica',
      start: (life): ReplicaStart => ({
        folder: join(folder, name),
        ledger: life.ledger,
        life: life.name,
        server: `ws://127.0.0.1:${port}`,
        token,
        seed: `${seed}/${life.name}`,
        own,
        pauseMsMax,
        tailRowsMax: conditions.tailRowsMax,
      }),
    })
  }
  return {
    server,
    replicas: await Promise.all(names.map((name) => replica(name, notesOf(name), conditions.pauseMsMax))),
    fresh: await replica('fresh', [], 0),
  }
}

const notesOf = (name: string): Place[] => spaces.map((space) => ({ space, kind: 'notes', id: `of-${name}` }))

/** Below the ports that systems give to outgoing connections, one of which could take it while the server is dead. */
const portMin = 20_000
const portMax = 32_000

async function freePort(dice: Dice): Promise<number> {
  for (;;) {
    const port = portMin + dice.below(portMax - portMin)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
