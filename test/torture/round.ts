import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from './actor.ts'
import { spaces } from './app.ts'
import { readBooks } from './books.ts'
import type { Books } from './books.ts'
import { createCast } from './cast.ts'
import { rage } from './chaos.ts'
import type { Kill } from './chaos.ts'
import type { Child } from './child.ts'
import { diceOf } from './dice.ts'
import { settle } from './ending.ts'
import type { Settled } from './ending.ts'
import type { Outcome } from './judge.ts'
import { readLogs } from './log-file.ts'
import { createMoments } from './moments.ts'
import type { ReplicaCalls } from './replica.ts'
import type { ServerCalls } from './server.ts'

export interface RoundOptions {
  readonly folder: string
  /** Where Node keeps what it has compiled. */
  readonly cache: string
  readonly seed: string
  readonly kills: number
  /** Drawn unless told. */
  readonly replicas: number | undefined
  show(kills: number): void
}

/** A round at its end: files that were written and killed over, and what is known of them. */
export interface Played {
  readonly outcome: Outcome
  readonly books: Books
  readonly kills: readonly Kill[]
  readonly starts: number
}

/** What a round may take, on a very busy machine: its beginning and end, and each kill. */
const roundMs = 180_000
const killMs = 5_000

/** One set of files: processes write to it and are killed until the kills are done; then all must be well. */
export async function playRound(options: RoundOptions): Promise<Played> {
  const { folder, cache, seed } = options
  mkdirSync(folder, { recursive: true })
  const dice = diceOf(seed)
  const onTheWay: string[] = []
  const replicas = options.replicas ?? 2 + dice.below(3)
  const moments = createMoments()
  const died = (message: string): void => void onTheWay.push(message)
  const cast = await createCast({ folder, cache, seed, dice, replicas, told: moments.told, died })
  const actors = [cast.server, ...cast.replicas]
  let kills: readonly Kill[] = []
  let settled: Settled | undefined
  const play = async (): Promise<void> => {
    await Promise.all(actors.slice(0, 2).map(liveQuietly))
    await Promise.all(actors.map((actor) => actor.begin()))
    kills = await rage({ ...options, dice, moments, ...cast, isOver: () => onTheWay.length > 0 })
    settled = await settle(cast)
  }
  try {
    await Promise.race([play(), standstill(roundMs + options.kills * killMs)])
  } catch (cause) {
    if (onTheWay.length === 0) onTheWay.push(`The round broke off: ${String(cause)}.`)
  } finally {
    await Promise.all([...actors, cast.fresh].map((actor) => actor.kill()))
  }
  const books = readBooks(cast, settled)
  const accepted = settled?.accepted ?? {}
  const logs = settled === undefined ? [] : readLogs(join(folder, 'server'))
  const outcome: Outcome = {
    edits: books.edits,
    grades: books.grades,
    // Of a round that broke off the logs were not read.
    acked: settled === undefined ? [] : books.acked,
    logs: logs.map((log) => ({
      ...log,
      folded: books.folded.filter(({ space }) => space === log.space),
      accepted: accepted[log.space] ?? [],
    })),
    replicas: settled?.replicas ?? [],
    onTheWay: [...onTheWay, ...(settled !== undefined && logs.length < spaces.length ? ['A space has no log.'] : [])],
  }
  return { outcome, books, kills, starts: actors.reduce((sum, { lives }) => sum + lives.length, 0) }
}

async function standstill(withinMs: number): Promise<never> {
  await pause(withinMs, undefined, { ref: false })
  throw new Error(`it was not over after ${Math.round(withinMs / 1000)} s`)
}

/** One life that ends of itself, for which its program is compiled, once, for all lives that follow. */
async function liveQuietly(actor: Actor<ReplicaCalls> | Actor<ServerCalls>): Promise<void> {
  await actor.begin()
  const child: Child<Pick<ServerCalls, 'rest' | 'close'>> = actor.child
  await child.call('rest')
  await child.call('close')
  await child.release()
}
