// A replica's process: opens its file, edits all the time, and notes what it did and what it was told.
import { RejoinError } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { Receipt } from '@rejoin/client'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { collections, home, nameOf, refusedPrefix, spaceKind, spaces } from './app.ts'
import type { Page, Place } from './app.ts'
import { diceOf } from './dice.ts'
import { createPlace, drawFields, openPlace } from './editing.ts'
import type { Opened, Replica } from './editing.ts'
import { openLedger } from './ledger.ts'
import { answerDirector, givenStart, tellDirector } from './parent.ts'

export interface ReplicaStart {
  readonly folder: string
  readonly ledger: string
  /** Names this life of this replica; begins its marks, in capitals. */
  readonly life: string
  readonly server: string
  readonly token: string
  readonly seed: string
  /** The notes that it makes if they are not there. */
  readonly own: readonly Place[]
  /** Milliseconds between two bursts of edits, at most; 0: it never edits. */
  readonly pauseMsMax: number
  /** Tail rows of a document before they are packed. */
  readonly tailRowsMax: number
}

/** What a replica shows. */
export interface Shown {
  readonly synced: boolean
  readonly pending: number
  /** By name. */
  readonly entities: Readonly<Record<string, { readonly page: Page; readonly hash: string }>>
}

export type Fate = 'pending' | 'stored' | 'rejected' | 'unknown'

export type ReplicaCalls = {
  /** Stops editing; resolves when everything is on this device. */
  readonly rest: () => Promise<void>
  readonly isSynced: () => Promise<boolean>
  readonly look: () => Promise<Shown>
  /** How the edits of these receipts ended. */
  readonly fates: (receipts: readonly string[]) => Promise<readonly Fate[]>
  /** Receipts in quarantine. */
  readonly quarantined: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

const keptOpenMax = 4
const start = givenStart<ReplicaStart>()
const ledger = openLedger(start.ledger)
const dice = diceOf(start.seed)
const bornMs = performance.now()
const keptOpen: Opened[] = []
let marks = 0
let resting = false
let editing: Promise<void> | undefined

const opening = open()
answerDirector({
  rest: async () => {
    const replica = await opening
    resting = true
    await editing
    await replica.flushed()
  },
  isSynced: async () => (await opening).status.now.synced,
  look: async () => look(await opening),
  fates: async (receipts) => {
    const replica = await opening
    return Promise.all(receipts.map(async (receipt) => (await replica.receipts.find(receipt)) ?? 'unknown'))
  },
  quarantined: async () => (await (await opening).quarantine.list()).map(({ id }) => id),
  close: async () => (await opening).close(),
} satisfies ReplicaCalls)

async function open(): Promise<Replica> {
  const { folder, server, token, tailRowsMax } = start
  const replica = await openRejoin({
    collections,
    spaces: { [spaceKind]: home },
    store: sqliteStore(folder),
    server,
    token,
    limits: { tailRowsMax },
    acknowledged: ({ space, writer, n }) => {
      ledger.note({ kind: 'acked', space, writer, n })
      tellDirector('acked')
    },
  })
  for (const space of spaces) await replica.join(space, spaceKind)
  ledger.note({ kind: 'open', afterMs: performance.now() - bornMs })
  if (start.pauseMsMax > 0) editing = edit(replica)
  return replica
}

/** Until it is told to rest, or killed. */
async function edit(replica: Replica): Promise<void> {
  for (const place of start.own) keep((await openPlace(replica, place)) ?? (await createPlace(replica, place)))
  while (!resting) {
    const opened = await next(replica)
    let receipt: Receipt | undefined
    for (let left = 1 + dice.below(4); left > 0; left--) receipt = write(opened)
    if (dice.chance(0.2)) await receipt?.device
    await pause(dice.between(0, start.pauseMsMax))
  }
}

/** One of those that are open, one that is there, or a new one. */
async function next(replica: Replica): Promise<Opened> {
  if (dice.chance(0.03)) return refused(replica)
  if (dice.chance(0.05)) {
    const kind = dice.chance(0.3) ? 'notes' : 'tasks'
    return keep(await createPlace(replica, { space: dice.pick(spaces), kind, id: `${start.life}-${++marks}` }))
  }
  const opened = dice.chance(0.2) ? await another(replica) : undefined
  return opened === undefined ? dice.pick(keptOpen) : keep(opened)
}

async function another(replica: Replica): Promise<Opened | undefined> {
  const space = dice.pick(spaces)
  const kind = dice.chance(0.8) ? 'notes' : 'tasks'
  const ids = (await replica[kind].list({ space })).map(({ id }) => id).filter((id) => !id.startsWith(refusedPrefix))
  if (ids.length === 0) return undefined
  const place = { space, kind, id: dice.pick(ids) } as const
  const known = keptOpen.find((opened) => nameOf(opened.place) === nameOf(place))
  return known ?? openPlace(replica, place)
}

/** An entity that the server refuses, whose edits must end in quarantine. Written at once and never again. */
async function refused(replica: Replica): Promise<Opened> {
  const place = { space: dice.pick(spaces), kind: 'tasks', id: `${refusedPrefix}${start.life}-${++marks}` } as const
  const opened = await createPlace(replica, place)
  try {
    write(opened)
  } catch (cause) {
    // The refusal of its making was faster.
    if (!(cause instanceof RejoinError && cause.kind === 'not-found')) throw cause
  }
  void opened.close()
  return dice.pick(keptOpen)
}

function keep(opened: Opened): Opened {
  if (keptOpen.includes(opened)) return opened
  keptOpen.push(opened)
  if (keptOpen.length > keptOpenMax) void keptOpen.shift()?.close()
  return opened
}

function write({ place, write }: Opened): Receipt {
  const mark = `${start.life.toUpperCase()}.${++marks}`
  const fields = drawFields(place, dice)
  ledger.note({ kind: 'edit', mark, place, fields })
  const receipt = write(mark, fields, dice)
  ledger.note({ kind: 'made', mark, receipt: receipt.id })
  void receipt.device.then(() => {
    ledger.note({ kind: 'device', mark })
    tellDirector('device')
  }, ignore)
  void receipt.stored.then(() => ledger.note({ kind: 'stored', mark }), ignore)
  return receipt
}

/** The end is looked up by the receipt's id. */
const ignore = (): void => undefined

async function look(replica: Replica): Promise<Shown> {
  const entities: Record<string, { page: Page; hash: string }> = {}
  for (const space of spaces)
    for (const kind of ['notes', 'tasks'] as const)
      for (const { id } of await replica[kind].list({ space })) {
        const opened = await openPlace(replica, { space, kind, id })
        if (opened === undefined) continue
        entities[nameOf(opened.place)] = { page: opened.page(), hash: opened.hash() }
        await opened.close()
      }
  const { synced, pending } = replica.status.now
  return { synced, pending, entities }
}
