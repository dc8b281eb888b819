import type { Seeded } from './seeded.ts'

/** A program of measurements that answers one question. */
export interface Bench {
  readonly name: string
  /** One sentence: what is measured, beside what. */
  readonly about: string
  /** Makes the input, outside all timing. Equal options give equal input. */
  prepare(options: BenchOptions): Promise<readonly Case[]>
}

export interface BenchOptions {
  readonly quick: boolean
  readonly random: Seeded
  /** An empty folder on the disk that is measured; removed at the end. */
  readonly folder: string
  /** A recorded editing session in the sequential format, gzipped or not. */
  readonly traceFile: string
}

/** One input that all contestants work on, in turn. */
export interface Case {
  readonly name: string
  /** How many units of work one run does, and what they are: 1000, 'updates'. */
  readonly count: number
  readonly unit: string
  /** Where cases are a series of sizes, in units: how the cost of one such size grows is told too. */
  readonly size?: number
  /** Each run goes on from what the one before left, so it happens once: no warm-up, no further rounds. */
  readonly once?: boolean
  /** The first one is what the others are compared with. */
  readonly contestants: readonly Contestant[]
  dispose?(): Promise<void>
}

export type Role =
  /** What no implementation can beat: the least work that the result needs. */
  | 'limit'
  /** Ours. */
  | 'subject'
  /** How it is done elsewhere. */
  | 'peer'

export interface Contestant {
  readonly name: string
  readonly role: Role
  /** Makes ready for one run, outside its time; waited for. */
  before?(): unknown
  /** The timed part. What it returns goes to `verify`. */
  run(): unknown
  /** Throws unless the result of this run is right. No number is printed before it passed. */
  verify(result: unknown): void | Promise<void>
  /** Further figures of a result, such as bytes a unit; the same for every run. */
  figures?(result: unknown): Readonly<Record<string, number>>
  /** What grows with the size of the case, by name, where that is not the time. A cost must be above 0 to be counted. */
  costs?(result: unknown): Readonly<Record<string, number>>
  /** How it is set up, and by which of its calls: in a few words. */
  readonly settings?: string
  /** What it has to reach; the table says whether it did. */
  readonly marks?: readonly Mark[]
}

/** A bound on a time or on a figure, in units of another contestant's of the same case. */
export interface Mark {
  /** The processor time unless told; by the clock where others' threads, such as the collector's, do a part of the work. */
  readonly time?: 'cpu' | 'wall'
  /** By name, instead of a time. Without `beside` it is bounded itself. */
  readonly figure?: string
  /** By name. The first contestant if neither this nor a figure is named. */
  readonly beside?: string
  readonly atMost?: number
  readonly atLeast?: number
}
