import type { Result } from '@rejoin/base'
import type { EngineName } from '../engines.ts'
import type { Order } from './order.ts'
import type { Verdict } from './verdict.ts'

export interface MergeOptions {
  /** A shipped trace by name, or a file. */
  readonly trace: string
  readonly engine: EngineName
  readonly order: Order
  readonly replicas: number
  /** Updates in one delivery; all of them unless told. */
  readonly chunk: number | undefined
  readonly seed: number
}

/** What `rejoin merge --json` prints. */
export interface MergeFigures extends Verdict {
  readonly engine: string
  readonly trace: string
  readonly order: Order
  readonly transactions: number
  readonly authors: number
  readonly replicas: number
  /** Updates in one delivery. */
  readonly chunk: number
  readonly seed: number
  /** Writing and delivering together. */
  readonly seconds: number
  /** All authors, with what each takes in from the others on the way. */
  readonly writingSeconds: number
  /** All replicas. */
  readonly deliverySeconds: number
}

/** Where the work is; `replica` counts from 1. */
export type MergeReport =
  | { readonly kind: 'writing'; readonly done: number; readonly total: number }
  | { readonly kind: 'delivering'; readonly replica: number; readonly done: number; readonly total: number }

export type MergerCalls = {
  /** The error is the end of a sentence that begins with the name of the file. */
  readonly merge: (argument: MergeOptions) => Result<MergeFigures, string>
}
