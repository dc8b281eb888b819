import type { EngineName } from '../engines.ts'
import type { Plan } from './plan.ts'

/** How a child opens its replica. */
export interface ReplicaStart {
  /** The engine of its collections. */
  readonly engine: EngineName
  /** Where its store lies: a folder of its own. */
  readonly folder: string
  /** Whether the folder goes with the child when the parent dies. */
  readonly keep: boolean
  /** Where the server listens. */
  readonly server: string
  readonly token: string
}

/** Which part of which trace is played. Every process reads the file itself. */
export interface TraceChoice {
  readonly file: string
  readonly first: number | undefined
}

/** An entry of this replica has its ack. */
export interface AckedReport {
  readonly kind: 'acked'
  readonly writer: string
  readonly n: number
}

export interface ProgressReport {
  readonly kind: 'progress'
  /** Transactions of the trace in the note. */
  readonly position: number
  /** Transactions that were on this device's disk when this was sent. */
  readonly durable: number
  /** Writes without an ack. */
  readonly pending: number
  readonly online: boolean
  /** Since this process opened the store. */
  readonly bytesUp: number
  readonly bytesDown: number
  readonly madeOffline: number
}

export interface CutReport {
  readonly kind: 'cut'
  readonly index: number
  readonly position: number
  readonly unacked: number
}

export interface RejoinedReport {
  readonly kind: 'rejoined'
  readonly index: number
  readonly position: number
  readonly pending: number
}

export type AuthorReport = AckedReport | ProgressReport | CutReport | RejoinedReport | { readonly kind: 'typing' }

export type FollowerReport =
  | AckedReport
  | { readonly kind: 'round'; readonly rounds: number; readonly position: number; readonly pending: number }

/** What every replica must see before the session is over. */
export interface Expected {
  readonly position: number
  readonly minutes: number
  readonly comments: number
}

export interface CommentSeen {
  readonly id: string
  readonly text: unknown
  readonly author: unknown
}

/** What a replica holds. */
export interface Inspection {
  readonly text: string
  readonly position: number
  readonly minutes: number
  readonly comments: readonly CommentSeen[]
  /** Over the canonical hashes of the note and of every comment. */
  readonly hash: string
  readonly pending: number
  readonly rejected: number
}

export interface SettleArgument {
  readonly expected: Expected
  readonly withinMs: number
}

export type ReplicaCalls = {
  /** Waits until the replica is level and sees what is expected; false if time ran out. */
  readonly settle: (argument: SettleArgument) => boolean
  readonly inspect: (argument: undefined) => Inspection
  readonly close: (argument: undefined) => void
}

export type AuthorCalls = ReplicaCalls & {
  /** Opens the store and takes up the session where it is; answers with how many transactions it holds. */
  readonly open: (argument: ReplicaStart & { readonly trace: TraceChoice; readonly plan: Plan }) => {
    readonly position: number
  }
  /** Types the rest of the session. Answers once everything is on this device's disk. */
  readonly type: (argument: undefined) => void
}

export type FollowerCalls = ReplicaCalls & {
  readonly open: (argument: ReplicaStart) => void
  /** Ends the edits; answers with how many rounds there were. */
  readonly finish: (argument: undefined) => { readonly rounds: number }
}

/** The trace on two bare documents of the engine. */
export interface RawSession {
  readonly transactionsPerSecond: number
  readonly updateBytes: number
  /** Of the text and of the position. */
  readonly states: readonly [Uint8Array, Uint8Array]
}

export type RawCalls = {
  readonly play: (argument: TraceChoice & { readonly engine: EngineName }) => RawSession
}

export interface JoinFigures {
  /** From connecting until all is durable and readable. */
  readonly catchUpMs: number
  /** Both bare states, applied in this process just before. */
  readonly rawApplyMs: number
  readonly level: boolean
}

export type JoinerCalls = ReplicaCalls & {
  readonly join: (argument: ReplicaStart & SettleArgument & Pick<RawSession, 'states'>) => JoinFigures
}

export interface ServerStart {
  readonly folder: string
  readonly keep: boolean
  /** 0 for a free one. */
  readonly port: number
  readonly secret: string
}

/** One entry as the log has it. */
export interface LoggedEntry {
  readonly writer: string
  readonly n: number
}

export type ServerCalls = {
  readonly start: (argument: ServerStart) => { readonly port: number; readonly url: string }
  /** Every entry of the log, and the ids that the server remembers as accepted. */
  readonly audit: (argument: undefined) => {
    readonly entries: readonly LoggedEntry[]
    readonly accepted: readonly (readonly [writer: string, intervals: readonly number[]])[]
  }
  readonly rssMb: (argument: undefined) => number
  /** Folds the whole log; answers with how many documents were folded, and how many could not be. */
  readonly fold: (argument: undefined) => { readonly folded: number; readonly skipped: number }
  readonly close: (argument: undefined) => void
}
