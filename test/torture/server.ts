// The server's process: a real store, a real socket, real tokens; it also grades notes, in its own part.
import { createServer, hs256, listen, sqlite } from '@rejoin/server'
import type { Listener, RejoinServer, Rule } from '@rejoin/server'
import { setTimeout as pause } from 'node:timers/promises'
import { collections, refusedPrefix, spaces } from './app.ts'
import type { Place } from './app.ts'
import { diceOf } from './dice.ts'
import { keepFolded } from './keep-folded.ts'
import { openLedger } from './ledger.ts'
import { answerDirector, givenStart } from './parent.ts'

type Server = RejoinServer<typeof collections>

export interface ServerStart {
  readonly folder: string
  readonly ledger: string
  readonly port: number
  readonly secret: string
  readonly seed: string
  /** Greater than in earlier lives, so that the last grade is the greatest. */
  readonly firstGrade: number
  /** The notes that it grades. */
  readonly graded: readonly Place[]
  /** So low that documents are folded all the time. */
  readonly foldEntriesMin: number
  readonly foldBytesMin: number
}

export type ServerCalls = {
  /** Stops grading. */
  readonly rest: () => Promise<void>
  /** The numbers of every writer that the server remembers as accepted, as runs: first, last, first, last. */
  readonly accepted: () => Promise<Readonly<Record<string, readonly (readonly [string, readonly number[]])[]>>>
  readonly close: () => Promise<void>
}

/** The port of a server that was just killed can still be taken for a moment. */
const bindTries = 40
const bindPauseMs = 50

const start = givenStart<ServerStart>()
const ledger = openLedger(start.ledger)
const dice = diceOf(start.seed)
const bornMs = performance.now()
let resting = false
let grading: Promise<void> | undefined

const rules: Rule = ({ document }) =>
  document.entity.startsWith(refusedPrefix) ? { kind: 'rule', message: 'Such entities are refused.' } : undefined

const opening = open()
answerDirector({
  rest: async () => {
    await opening
    resting = true
    await grading
  },
  accepted: async () => {
    const { server } = await opening
    return Object.fromEntries(
      await Promise.all(spaces.map(async (space) => [space, [...(await server.accepted(space))]] as const)),
    )
  },
  close: async () => {
    const { server, listener } = await opening
    await server.close()
    await listener.close()
  },
} satisfies ServerCalls)

async function open(): Promise<{ readonly server: Server; readonly listener: Listener }> {
  const { folder, secret, foldEntriesMin, foldBytesMin } = start
  const server = await createServer({
    store: keepFolded(sqlite(folder), (rows) => ledger.note({ kind: 'folding', rows })),
    authenticate: hs256(secret),
    collections,
    rules,
    limits: { foldEntriesMin, foldBytesMin },
  })
  const listener = await bind(server)
  ledger.note({ kind: 'open', afterMs: performance.now() - bornMs })
  grading = grade(server)
  return { server, listener }
}

async function bind(server: Server): Promise<Listener> {
  for (let tries = 1; ; tries++) {
    try {
      return await listen(server, { port: start.port })
    } catch (cause) {
      if (tries === bindTries) throw cause
      await pause(bindPauseMs)
    }
  }
}

async function grade(server: Server): Promise<void> {
  for (let grade = start.firstGrade; !resting && start.graded.length > 0; grade++) {
    await pause(dice.between(5, 60))
    const place = dice.pick(start.graded)
    ledger.note({ kind: 'grade', place, grade })
    try {
      await server.edit(place.space, 'notes', place.id, (note) => note.grade.set(grade))
      ledger.note({ kind: 'graded', place, grade })
    } catch (cause) {
      // Nobody has brought the note yet.
      if (!(cause instanceof Error && 'kind' in cause && cause.kind === 'not-found')) throw cause
    }
  }
}
