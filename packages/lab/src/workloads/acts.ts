import type { Page, Parameter, Person, Workload } from './workload.ts'

/** What a person does who has such an entity before them. */
export type Doing = (person: Person, page: Page) => void

/** One thing that people do, and how often: its weight, of the weights of all. */
export interface Act {
  readonly name: string
  readonly weight: number
  /** Where the weight comes from. */
  readonly source: string
  /** The type of entity that it is done to. */
  readonly to: string
  readonly does: Doing
}

/** One of them each time. */
export function oneOf(acts: readonly Act[]): Workload['act'] {
  const total = acts.reduce((sum, { weight }) => sum + weight, 0)
  return (person) => {
    let left = person.dice.float() * total
    const act = acts.find(({ weight }) => (left -= weight) < 0) ?? acts.at(-1)
    const page = act && person.choose(act.to)
    if (page !== undefined) act?.does(person, page)
  }
}

/** The first so often, else the second. */
export const either =
  (chance: number, first: Doing, second: Doing): Doing =>
  (person, page) =>
    person.dice.chance(chance) ? first(person, page) : second(person, page)

export const weightsOf = (acts: readonly Act[]): readonly Parameter[] =>
  acts.map(({ name, weight, source }) => ({ name: `weight: ${name}`, value: weight, source }))

/** What no document says. */
export const assumed = (why: string): string => `our assumption: ${why}`
