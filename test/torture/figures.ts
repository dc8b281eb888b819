import { isEntry } from './judge-log.ts'
import type { Logged } from './judge-log.ts'
import type { Played } from './round.ts'

/** What a run did, added up. */
export interface Figures {
  readonly rounds: number
  readonly kills: number
  readonly serverKills: number
  readonly replicaKills: number
  /** Of the kills, those that hit a process before it was open. */
  readonly killsAtStart: number
  /** Of the kills, those that took the server and a replica at the same moment. */
  readonly killsTogether: number
  readonly starts: number
  readonly edits: number
  readonly deviceReceipts: number
  readonly storedReceipts: number
  readonly refused: number
  /** Acks that replicas noted, and entries that the logs were given. */
  readonly acked: number
  readonly entries: number
  /** Of the entries, those that folding took away. */
  readonly folded: number
  readonly seconds: number
}

export const noFigures: Figures = {
  rounds: 0,
  kills: 0,
  serverKills: 0,
  replicaKills: 0,
  killsAtStart: 0,
  killsTogether: 0,
  starts: 0,
  edits: 0,
  deviceReceipts: 0,
  storedReceipts: 0,
  refused: 0,
  acked: 0,
  entries: 0,
  folded: 0,
  seconds: 0,
}

export function figuresOf({ outcome, books, kills, starts }: Played): Figures {
  const { edits } = books
  const live = outcome.logs.flatMap(entriesIn)
  const ever = new Set([...live, ...outcome.logs.flatMap(({ space, folded }) => entriesIn({ space, rows: folded }))])
  const lifeOf = (victim: 'server' | number, life: number): string =>
    `${victim === 'server' ? victim : `r${victim}`}.${life}`
  return {
    rounds: 1,
    kills: kills.length,
    serverKills: kills.filter(({ victim }) => victim === 'server').length,
    replicaKills: kills.filter(({ victim }) => victim !== 'server').length,
    killsAtStart: kills.filter(({ victim, life }) => !books.opened.has(lifeOf(victim, life))).length,
    killsTogether: kills.filter(({ isTogether }) => isTogether).length,
    starts,
    edits: edits.length,
    deviceReceipts: edits.filter(({ device }) => device).length,
    storedReceipts: edits.filter(({ stored }) => stored).length,
    refused: edits.filter(({ fate }) => fate === 'rejected').length,
    acked: books.acked.length,
    entries: ever.size,
    folded: ever.size - live.length,
    seconds: 0,
  }
}

const entriesIn = ({ space, rows }: Pick<Logged, 'space' | 'rows'>): string[] =>
  rows.filter(({ kind }) => isEntry(kind)).map(({ seq }) => `${space} ${seq}`)

export const addFigures = (a: Figures, b: Figures): Figures =>
  Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, Number(value) + b[name as keyof Figures]]),
  ) as unknown as Figures
