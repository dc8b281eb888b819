import { lanes, unreachable } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import { answered, answeredAll, infoOf } from './answers.ts'
import { taken, takeLate } from './closure.ts'
import { enter, newCore } from './core.ts'
import type { Core } from './core.ts'
import { keepTo } from './cutting.ts'
import { linked, resume, sendQueued, trySend, unlinked } from './delivery.ts'
import { intake } from './intake.ts'
import { defaultOutboxLimits } from './options.ts'
import type { OutboxLimits } from './options.ts'
import { noBranch, sealedParcels } from './parcel.ts'
import type { Doc } from './parcel.ts'
import { offer, offerAll, release, seal } from './planner.ts'
import { renewed } from './renewal.ts'
import { sealed, sealFailed } from './sealing.ts'
import { leave, start } from './start.ts'
import { laneStats } from './tally.ts'
import type { Outbox, OutboxEffect, OutboxEvent, OutboxStats, RowInfo, SealedInfo } from './types.ts'

/** An empty outbox; its first event is `start`. */
export function createOutbox(limits: Partial<OutboxLimits> = {}): Outbox {
  const core = newCore({ ...defaultOutboxLimits, ...limits })
  return {
    step: (event) => step(core, event),
    stats: () => statsOf(core),
    unanswered: (space) => unansweredOf(core, space),
    waitingOf: (space, document) => waitingOf(core, space, document),
  }
}

function step(core: Core, event: OutboxEvent): readonly OutboxEffect[] {
  core.alarms.advance(event.now)
  apply(core, event)
  settle(core)
  return core.effects.flush()
}

function apply(core: Core, event: OutboxEvent): void {
  switch (event.kind) {
    case 'start':
      return start(core, event)
    case 'waiting':
      return waiting(core, event.rows)
    case 'limits':
      return keepTo(core, event)
    case 'linked':
      return linked(core, event.space, event.principal)
    case 'unlinked':
      return unlinked(core, event.space)
    case 'sealed':
      return sealed(core, event.plan, event.sizes)
    case 'seal-failed':
      return sealFailed(core, event.plan, event.random)
    case 'answered':
      return answered(core, event.space, event.id, event.answer, event.random)
    case 'answered-all':
      return answeredAll(core, event.space, event.writer, event.numbers, event.answer, event.random)
    case 'taken':
      return taken(core, event.take, event.rows)
    case 'renewed':
      return renewed(core, event.writer, event.of, { error: event.error, message: event.message, first: event.first })
    case 'left':
      return leave(core, event.space)
    case 'due':
      return due(core)
    case 'allow':
      return allow(core, event.lanes)
    default:
      return unreachable(event)
  }
}

function waiting(core: Core, rows: readonly RowInfo[]): void {
  for (const doc of intake(core, rows)) {
    takeLate(core, doc)
    offer(core, doc)
  }
}

function due(core: Core): void {
  core.wakeAt = undefined
  for (const what of core.alarms.fire()) {
    if (what.kind === 'space') resume(core, what)
    if (what.kind !== 'parcel') continue
    enter(core, what, 'unsent')
    trySend(core, what)
  }
}

function allow(core: Core, allowed: readonly (typeof lanes)[number][]): void {
  for (const [rank, lane] of lanes.entries()) core.allowed[rank] = allowed.includes(lane)
  for (const space of core.spaces.values()) offerAll(core, space)
}

/** What follows from any event: freed documents go on, the queue is sent, a pass is sealed, the timer is set. */
function settle(core: Core): void {
  for (const doc of core.freed) {
    release(core, doc)
    dropIfIdle(doc)
  }
  core.freed.clear()
  sendQueued(core)
  seal(core)
  const at = core.alarms.next()
  if (at === core.wakeAt) return
  core.wakeAt = at
  core.effects.add({ kind: 'wake', at })
}

/** A document of which nothing is here costs nothing, unless late rows of it must be known. */
function dropIfIdle(doc: Doc): void {
  if (doc.first === undefined && doc.holds === 0 && doc.takenBranch === noBranch) doc.space.docs.delete(doc.key)
}

function statsOf({ tally, oldest }: Core): OutboxStats {
  const perLane = laneStats(tally)
  let waitingRows = 0
  let waitingBytes = 0
  for (const lane of lanes) {
    waitingRows += perLane[lane].rows
    waitingBytes += perLane[lane].bytes
  }
  return {
    waitingRows,
    waitingBytes,
    waitingWrites: tally.waitingWrites,
    unansweredEntries: tally.sealedEntries,
    unansweredBytes: tally.sealedBytes,
    unansweredWrites: tally.sealedWrites,
    heldDocuments: tally.held,
    oldest: oldest?.firstStamp,
    lanes: perLane,
  }
}

function unansweredOf(core: Core, id: SpaceId): readonly SealedInfo[] {
  const space = core.spaces.get(id)
  if (space === undefined) return []
  return [...sealedParcels(space)]
    .filter(({ state }) => state !== 'sealing')
    .flatMap((parcel) => parcel.pieces.map((piece) => infoOf(parcel, piece)))
}

function waitingOf(core: Core, id: SpaceId, document: DocumentKey): readonly number[] {
  const rows: number[] = []
  for (let piece = core.spaces.get(id)?.docs.get(document)?.firstWaiting; piece !== undefined; piece = piece.next)
    rows.push(...piece.rows)
  return rows
}
