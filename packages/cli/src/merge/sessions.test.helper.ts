import { fc } from '@fast-check/vitest'
import type { Patch } from '@rejoin/lab/trace'
import { NaiveText } from './naive.test.helper.ts'

/** A session as a file has it. */
export interface RawSession {
  readonly kind: 'concurrent'
  readonly endContent: string
  readonly numAgents: number
  readonly txns: readonly RawTransaction[]
}

interface RawTransaction {
  readonly agent: number
  readonly parents: readonly number[]
  readonly patches: readonly Patch[]
}

interface Step {
  readonly agent: number
  /** Of whom the author has the latest, bit by bit. */
  readonly hears: number
  readonly edits: readonly (readonly [where: number, deleted: number, inserted: string])[]
}

const authors = 4

/** Random sessions of several authors who hear of each other now and then, and never write in one place at once. */
export const sessions: fc.Arbitrary<RawSession> = fc
  .array(
    fc.record({
      agent: fc.nat(authors - 1),
      hears: fc.nat(2 ** authors - 1),
      edits: fc.array(
        fc.tuple(fc.nat(), fc.nat(4), fc.string({ unit: fc.constantFrom('a', 'é', '🌊', '👩🏽'), maxLength: 5 })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 5, maxLength: 40 },
  )
  .map(sessionOf)

function sessionOf(steps: readonly Step[]): RawSession {
  const model = new NaiveText()
  const txns: RawTransaction[] = []
  const latest = new Map<number, number>()
  const begin = (agent: number, parents: readonly number[]): number => {
    const index = model.begin(parents)
    latest.set(agent, index)
    return index
  }

  const first: Patch = [0, 0, 'The 🌍 turns.']
  model.apply(begin(0, []), first)
  txns.push({ agent: 0, parents: [], patches: [first] })
  for (const { agent, hears, edits } of steps) {
    const heard = [...latest].filter(([other]) => other === agent || (hears >> other) % 2 === 1)
    const parents =
      heard.length === 0
        ? [0]
        : leastOf(
            heard.map(([, index]) => index),
            model,
          )
    const index = begin(agent, parents)
    txns.push({ agent, parents, patches: edits.map((edit) => edited(model, index, edit)) })
  }
  return { kind: 'concurrent', endContent: model.text, numAgents: authors, txns }
}

/** Those that do not come before others of them. */
const leastOf = (indexes: readonly number[], model: NaiveText): readonly number[] =>
  indexes.filter((index) => !indexes.some((other) => other !== index && model.sees(other, index)))

function edited(model: NaiveText, index: number, [where, wanted, text]: Step['edits'][number]): Patch {
  const { length } = Array.from(model.view(index))
  const at = where % (length + 1)
  const deleted = Math.min(wanted, length - at)
  model.apply(index, [at, deleted, ''])
  const inserted = model.isContested(index, at) ? '' : text
  model.apply(index, [at, 0, inserted])
  return [at, deleted, inserted]
}
