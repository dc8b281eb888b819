import type { Dice } from '@rejoin/simulator/network'
import type { Deed } from '../fields/deed.ts'
import type { Shape, Shown, Value } from '../fields/shape.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** What people do, in a model of an app or in the plainest case of one kind of field. */
export interface Workload {
  readonly name: string
  /** One sentence: who does what. */
  readonly about: string
  readonly parameters: readonly Parameter[]
  readonly entities: Readonly<Record<string, EntityType>>
  /** What a person does next, seeing what the device shows: at most one transaction of one entity, or nothing. */
  act(person: Person): void
  /** What must hold at the end, in the words of the app. */
  readonly invariants: readonly Invariant[]
}

export interface Parameter {
  readonly name: string
  readonly value: number | string
  /** Where the number comes from. */
  readonly source: string
}

export interface EntityType {
  readonly shape: Shape
  readonly count: number
  /** What is in each when the people begin, known to everybody. */
  start?(start: Start): readonly Deed[]
}

export interface Start {
  /** The number of the entity among those of its type. */
  readonly nth: number
  readonly dice: Dice
  /** Names nothing else in the run. */
  name(prefix: string): string
  /** So many symbols that nobody else types. */
  symbols(count: number): string
}

export interface Person extends Start {
  /** The name under which they vote: each device has its own. */
  readonly user: string
  /** What the person keeps in mind from one time to the next, by whatever name. */
  readonly memory: Map<string, string>
  /** One of the entities of a type that are shown, by the contention of the run; undefined if all are deleted. */
  choose(type: string): Page | undefined
}

/** An entity as the device shows it. */
export interface Page {
  readonly entity: string
  readonly shown: Shown
  do(...deeds: readonly Deed[]): void
}

export interface Invariant {
  readonly name: string
  /** How often it is broken in an entity of that type, by what is shown at the end and all that was done. */
  readonly of: string
  broken(end: End): number
}

export interface End {
  readonly entity: string
  /** Undefined if it is deleted. */
  readonly shown: Shown | undefined
  /** Several where versions are in conflict. */
  readonly versions: Readonly<Record<string, readonly Value[]>>
  readonly ledger: Ledger
  /** What devices have shown on the way, by field: each time that a value changed to another one on one of them. */
  readonly changes: readonly Change[]
}

/** Only of fields of the kind `status`. */
export interface Change {
  readonly field: string
  readonly from: string
  readonly to: string
}
