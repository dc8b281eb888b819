import { spaceId, userId } from '@rejoin/base'
import type { DocumentKey, EntryId, Lane, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { OutboxLimits } from './options.ts'
import { doc } from './rows.test.helper.ts'
import type { Answer, Outbox, PlannedEntry, RowInfo } from './types.ts'

export const limits: Partial<OutboxLimits> = {
  entryBytesMax: 60,
  entryRowsMax: 4,
  groupBytesMax: 120,
  roundEntriesMax: 3,
  sealEntriesMax: 5,
  sealBytesMax: 150,
  inFlightBytesMax: 200,
}

export const spaces: readonly SpaceId[] = ['s', 't'].map((name) => spaceId(name))
export const users: readonly UserId[] = ['ann', 'ben'].map((name) => userId(name))
export const docs: readonly DocumentKey[] = ['a', 'b', 'c', 'd'].map((name) => doc(name))

/** What this process believes of a row. */
export type RowState = 'waiting' | 'sealing' | 'sealed' | 'stored' | 'taken'

/** One row as the naive model knows it: a list is searched wherever it is used. */
export interface ModelRow {
  readonly info: RowInfo
  state: RowState
}

export interface ModelEntry {
  readonly entry: PlannedEntry
  readonly space: SpaceId
  /** The pass that sealed it, to tell rounds apart. */
  readonly plan: object
  durable: boolean
  gone: boolean
  /** Answers `retry` that count, in this process. */
  retries: number
}

export interface Link {
  principal: UserId | undefined
  up: ({ readonly push: ModelEntry } | { readonly ask: readonly EntryId[] })[]
  down: Reply[]
  /** What was sent since it was made. */
  readonly sent: Set<string>
}

/** What the server's rules make of a row: `flaky` and `busy` mean so many refusals first. */
export type Verdict = 'accept' | 'refuse' | { readonly flaky: number } | { readonly busy: number }

export interface Reply {
  readonly id: EntryId
  readonly answer: Answer
}

export interface WriteSpec {
  readonly space: number
  readonly docs: readonly number[]
  readonly lane: Lane
  readonly user: number
  readonly needs: readonly number[]
  readonly bytes: number
  readonly verdict: Verdict
  /** Puts a row of the first document, in another lane, between the others. */
  readonly split: boolean
}

/** What a schedule is to have really done. */
export type Event =
  | 'takes'
  | 'late'
  | 'stored'
  | 'retried'
  | 'failedSeals'
  | 'restarts'
  | 'groups'
  | 'pauses'
  | 'asked'
  | 'unknown'

/** What the laws look at. */
export interface Model {
  readonly outbox: Outbox
  readonly writer: WriterId
  readonly entryBytesMax: number
  readonly rows: readonly ModelRow[]
  readonly entries: readonly ModelEntry[]
  /** Takes that are not durable, per space and document. */
  readonly held: ReadonlyMap<string, number>
  readonly takenBranches: ReadonlyMap<string, number>
  /** The entries for whose refusal something was taken. */
  readonly causes: ReadonlySet<string>
  readonly seen: Record<Event, number>
  linkOf(space: SpaceId): Link
  row(number: number): ModelRow
}

export const nameOf = (space: SpaceId, id: EntryId): string => `${space} ${id.writer} ${id.n}`

export const sameGroup = (a: ModelEntry, b: ModelEntry): boolean =>
  a === b ||
  (!a.gone &&
    a.space === b.space &&
    a.entry.id.writer === b.entry.id.writer &&
    a.entry.group !== 0 &&
    a.entry.group === b.entry.group)
