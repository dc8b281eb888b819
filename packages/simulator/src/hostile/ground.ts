import type { Random, Timers } from '@rejoin/base'
import type { Transport } from '@rejoin/client'
import type { EngineName } from '../world/app.ts'

/** Chances of one act. `Dice` are some. */
export interface Chance extends Random {
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
}

/** What the world gives to its hostile user. */
export interface Ground {
  /** The space in which it is an editor; others may be there too. */
  readonly own: string
  /** The space in which it is a viewer. */
  readonly seen: string
  /** The space in which it is nobody. */
  readonly closed: string
  /** The fields of each collection that have a document of their own. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  /** What each collection is in. */
  readonly engines: Readonly<Record<string, EngineName>>
}

export interface HostileDeps {
  readonly ground: Ground
  readonly transport: Transport
  readonly timers: Timers
  /** Milliseconds since the beginning of the world, and what the wall clock of its machine says. */
  readonly elapsed: () => number
  readonly now: () => number
  /** For its device and its writer. */
  readonly chance: Chance
  /** What the server's `authenticate` knows it by. */
  readonly accessToken: string
  /** Told when it stops taking what it is sent, and when it goes on. */
  readonly reading?: (reads: boolean) => void
  /** Told of every deed that was really done. */
  readonly did: (deed: DeedKind) => void
  /** Texts that stand in a space and nowhere else, each of `canaryBytesMin` bytes or more. */
  readonly canaries: (space: string) => readonly string[]
}

/** What it does, and the hostile faults that this is. */
export const deedFaults = {
  /** Frames of earlier connections and of other people, said again after its own hello. */
  replay: 'H1',
  /** Writers and CRDT client ids of others, claimed in declarations and in content. */
  forge: 'H2',
  /** Two contents under one CRDT client id and clock. */
  equivocate: 'H4',
  /** Stops reading, and goes on asking. */
  deafen: 'H5',
  /** An entry id again, with other bytes. */
  reuse: 'H10',
  /** Every request there is, in spaces where it has no right to it. */
  trespass: 'H11',
  /** Cursors, numbers, stamps and predecessors that never were. */
  foresee: 'H12',
  /** Very many tiny entries and streams. */
  flood: 'H15',
  /** Bytes that no engine takes in, or only with trouble. */
  spoil: 'H9',
  /** Frames that are none. */
  babble: 'H6',
  /** Half handshakes, and connections that come and go. */
  knock: 'H16',
} as const satisfies Readonly<Record<string, string>>

export type DeedKind = keyof typeof deedFaults
export const deedKinds = Object.keys(deedFaults) as readonly DeedKind[]

/** Of a canary: fewer bytes turn up in hashes by chance. */
export const canaryBytesMin = 8
