import type { DocumentKey, EntryId, SpaceId } from '@rejoin/base'
import { limits, nameOf, sameGroup } from './model.test.helper.ts'
import type { Model, ModelEntry, ModelRow } from './model.test.helper.ts'
import { defaultOutboxLimits } from './options.ts'
import type { OutboxEffect, PlannedEntry, SealPlan } from './types.ts'

function must(condition: boolean, law: string, detail: unknown): void {
  if (!condition) throw new Error(`${law}: ${JSON.stringify(detail)}`)
}

const ofDocument = (world: Model, space: SpaceId, document: DocumentKey): ModelRow[] =>
  world.rows
    .filter(({ info }) => info.space === space && info.document === document)
    .sort((a, b) => a.info.row - b.info.row)

const unanswered = (world: Model): ModelEntry[] => world.entries.filter(({ gone }) => !gone)

/** Laws of sealing, on a plan that the model has not yet noted. */
export function checkPlan(world: Model, plan: SealPlan): void {
  const before = unanswered(world)
  const consumed = new Set<number>()
  for (const block of blocksOf(plan)) {
    for (const entry of block) {
      const rounds = before.filter((it) => it.space === plan.space && it.entry.document === entry.document)
      must(rounds.length === 0, 'one round per document', entry)
      must((world.held.get(`${plan.space} ${entry.document}`) ?? 0) === 0, 'a held document is not sealed', entry)
      must(entry.principal === world.linkOf(plan.space).principal, 'only the linked principal', entry)
      checkRows(world, plan.space, entry, consumed)
      checkAfter(plan, entry)
      const reused = world.entries.some(
        (it) => it.space === plan.space && it.entry.id.writer === entry.id.writer && it.entry.id.n === entry.id.n,
      )
      must(!reused && entry.id.writer === world.writer, 'a number is used once', entry.id)
      for (const row of entry.rows) consumed.add(row)
    }
    checkBlock(world, plan.space, block, consumed)
  }
}

/** The entries of a group stand together; an entry alone is a block of one. */
function blocksOf(plan: SealPlan): PlannedEntry[][] {
  const blocks: PlannedEntry[][] = []
  for (const entry of plan.entries) {
    const last = blocks.at(-1)
    if (entry.group !== 0 && last?.[0]?.group === entry.group) last.push(entry)
    else blocks.push([entry])
  }
  for (const block of blocks) {
    const [first] = block
    must(
      block.every((entry) => entry.groupSize === block.length),
      'a group has its size',
      block,
    )
    must(first?.group === (block.length > 1 ? first?.id.n : 0), 'a group is named by its first', block)
    must(
      block.every((entry, i) => entry.id.n === (first?.id.n ?? 0) + i),
      'members have consecutive numbers',
      block,
    )
  }
  return blocks
}

function checkRows(world: Model, space: SpaceId, entry: PlannedEntry, consumed: ReadonlySet<number>): void {
  const next = ofDocument(world, space, entry.document)
    .filter(({ info, state }) => state === 'waiting' && !consumed.has(info.row))
    .slice(0, entry.rows.length)
  must(next.map(({ info }) => info.row).join() === entry.rows.join(), 'the next rows of the document, in order', entry)
  const alike = next.every(
    ({ info }) =>
      info.lane === entry.lane &&
      info.principal === entry.principal &&
      info.branch === entry.branch &&
      info.writer === next[0]?.info.writer,
  )
  must(alike, 'one lane, principal, branch and writing writer', entry)
  const bytes = next.reduce((sum, { info }) => sum + info.bytes, 0)
  must(next.length === 1 || bytes <= world.entryBytesMax, 'within entryBytesMax', entry)
  must(next.length <= (limits.entryRowsMax ?? 0), 'within entryRowsMax', entry)
}

function checkAfter(plan: SealPlan, entry: PlannedEntry): void {
  const at = plan.entries.indexOf(entry)
  const before = plan.entries.slice(0, at).findLast(({ document }) => document === entry.document)
  must(before?.id.n === entry.after?.n, 'after is the one before it in the document', entry)
}

/** With the block sealed, no group is torn and nothing that was needed is left behind. */
function checkBlock(world: Model, space: SpaceId, block: readonly PlannedEntry[], consumed: ReadonlySet<number>): void {
  const waiting = world.rows.filter(
    ({ info, state }) => info.space === space && state === 'waiting' && !consumed.has(info.row),
  )
  const members = new Set(block.flatMap(({ rows }) => rows))
  for (const number of members) {
    const { info } = world.row(number)
    const torn =
      info.group !== 0 &&
      world.rows.some((it) => it.info.space === space && it.info.group === info.group && !members.has(it.info.row))
    must(!torn, 'a group is sealed as one', info)
    const left = waiting.some((it) => info.needs.includes(it.info.document) && it.info.row < info.row)
    must(!left, 'what is needed goes first', info)
  }
}

/** An entry goes out durable, as sealed, to its own principal, and behind what comes before it on this link. */
export function checkSend(world: Model, space: SpaceId, id: EntryId): ModelEntry {
  const found = unanswered(world).find(
    (it) => it.space === space && it.entry.id.n === id.n && it.entry.id.writer === id.writer,
  )
  if (found === undefined || !found.durable) throw new Error(`sent but not sealed: ${nameOf(space, id)}`)
  const { principal, sent } = world.linkOf(space)
  must(found.entry.principal === principal, 'sent for its own principal', id)
  const before = ofDocument(world, space, found.entry.document)
    .filter(({ info, state }) => state === 'sealed' && info.row < (found.entry.rows[0] ?? 0))
    .map(({ info }) => unanswered(world).find((it) => it.space === space && it.entry.rows.includes(info.row)))
  must(
    before.every((it) => it === undefined || sent.has(nameOf(space, it.entry.id))),
    'sent behind what comes before it',
    id,
  )
  return found
}

/** The closure, row by row, to a fixed point. */
export function closureOf(world: Model, space: SpaceId, seeds: Iterable<number>): Set<number> {
  const taken = new Set(seeds)
  const live = world.rows.filter(({ info, state }) => info.space === space && state !== 'stored' && state !== 'taken')
  for (let size = -1; size !== taken.size;) {
    size = taken.size
    for (const number of taken) {
      const { info } = world.row(number)
      const mates = groupMates(world, space, number)
      for (const it of live) {
        const follows = it.info.document === info.document && it.info.row > number
        if (follows || mates.has(it.info.row)) taken.add(it.info.row)
      }
    }
  }
  return taken
}

/** A sealed row goes with its entry and the entries of its group, a waiting one with the rows of its group. */
function groupMates(world: Model, space: SpaceId, number: number): Set<number> {
  const { info, state } = world.row(number)
  const sealed = unanswered(world).find((it) => it.space === space && it.entry.rows.includes(number))
  if (sealed !== undefined)
    return new Set(
      unanswered(world)
        .filter((it) => sameGroup(it, sealed))
        .flatMap(({ entry }) => entry.rows),
    )
  if (info.group === 0 || state !== 'waiting') return new Set()
  return new Set(
    world.rows.filter((it) => it.info.space === space && it.info.group === info.group).map((it) => it.info.row),
  )
}

type Take = OutboxEffect & { kind: 'take' }

export function checkTake(world: Model, effect: Take): void {
  const { space, first } = effect
  const named = unanswered(world).find(
    (it) => it.space === space && it.entry.id.n === first.n && it.entry.id.writer === first.writer,
  )
  const isLate = named === undefined
  if (isLate) {
    world.seen.late++
    must(world.causes.has(nameOf(space, first)), 'late rows have the cause of an earlier take', effect)
    const stale = effect.rows.some((row) => {
      const { info } = world.row(row)
      return info.branch <= (world.takenBranches.get(`${space} ${info.document}`) ?? -1)
    })
    must(stale || effect.rows.length > 0, 'late rows are of a taken branch', effect)
  } else if (effect.error === 'checksum') {
    must(named.retries >= defaultOutboxLimits.attemptsMax, 'taken after the last attempt', effect)
  }
  const expected = closureOf(world, space, isLate ? effect.rows : named.entry.rows)
  must([...expected].sort((a, b) => a - b).join() === effect.rows.join(), 'the closure', {
    effect,
    expected: [...expected],
  })
  const entries = unanswered(world).filter((it) => it.space === space && it.entry.rows.some((row) => expected.has(row)))
  const names = (ids: readonly EntryId[]): string =>
    ids
      .map((id) => nameOf(space, id))
      .toSorted((a, b) => a.localeCompare(b))
      .join()
  must(names(entries.map(({ entry }) => entry.id)) === names(effect.entries), 'entries of the closure', effect)
}

/** The sums of the status are those of the model. */
export function checkStats(world: Model): void {
  const stats = world.outbox.stats()
  const waiting = world.rows.filter(({ state }) => state === 'waiting')
  must(stats.waitingRows === waiting.length, 'waitingRows', [stats, waiting.length])
  must(stats.waitingBytes === waiting.reduce((sum, { info }) => sum + info.bytes, 0), 'waitingBytes', stats)
  must(stats.waitingWrites === waiting.length, 'waitingWrites', stats)
  must(stats.unansweredEntries === unanswered(world).length, 'unansweredEntries', [stats, unanswered(world)])
  const held = [...world.held.values()].filter((holds) => holds > 0).length
  must(stats.heldDocuments === held, 'heldDocuments', [stats, held])
  const stamps = world.rows.filter(({ state }) => state !== 'stored' && state !== 'taken').map(({ info }) => info.stamp)
  must((stats.oldest === undefined) === (stamps.length === 0), 'oldest', [stats, stamps])
}

/** When nothing is under way, what waits has a reason: another user's rows in front of it. */
export function checkIdle(world: Model): void {
  const waiting = world.rows.filter(({ state }) => state === 'waiting')
  const stuck = new Set<number>()
  for (const it of world.rows) {
    const { info, state } = it
    const live = state === 'waiting' || state === 'sealed' || state === 'sealing'
    if (live && info.principal !== world.linkOf(info.space).principal) stuck.add(info.row)
  }
  for (let size = -1; size !== stuck.size;) {
    size = stuck.size
    for (const { info } of waiting) {
      const blocked = [...stuck].some((number) => {
        const other = world.row(number).info
        const near =
          other.space === info.space && (other.document === info.document || info.needs.includes(other.document))
        const before = near && other.row < info.row
        return before || (other.space === info.space && info.group !== 0 && other.group === info.group)
      })
      if (blocked) stuck.add(info.row)
    }
  }
  const free = waiting.filter(({ info }) => !stuck.has(info.row))
  must(free.length === 0, 'nothing waits without a reason', free)
}
