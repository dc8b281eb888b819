import type { Workload } from './workload.ts'

const sheets = 2
const fields = ['one', 'two', 'three']

/** Of all sheets together: everybody writes any of them alike. */
export const uniformFields: number = sheets * fields.length

export const uniform: Workload = {
  name: 'uniform',
  about: 'Everybody writes any field, all alike: how many writes are concurrent is known in a closed form.',
  parameters: [
    {
      name: 'sheets',
      value: sheets,
      source: 'any: the closed form is checked for several numbers of devices and rounds',
    },
    { name: 'fields of a sheet', value: fields.length, source: 'any' },
  ],
  entities: {
    sheets: { shape: Object.fromEntries(fields.map((field) => [field, { kind: 'value' }] as const)), count: sheets },
  },
  act({ dice, name, choose }) {
    choose('sheets')?.do({ do: 'set', field: dice.pick(fields), value: name('value') })
  },
  invariants: [],
}

export interface Rounds {
  readonly devices: number
  /** Of each device, in all rounds. */
  readonly edits: number
  readonly rounds: number
}

/**
 * Pairs of writes of one field, neither author knowing of the other's, if all fields are written alike, at times that are
 * spread evenly, and everybody meets at the end of each round. Two writes of two devices are such a pair if they fall
 * into one of the cells that rounds and fields make, whose odds are one in `rounds` × `fields`; expectations add up.
 */
export function expectedPairs({ devices, edits, rounds }: Rounds, fields: number): { mean: number; deviation: number } {
  const pairsOfDevices = (devices * (devices - 1)) / 2
  const odds = 1 / (rounds * fields)
  // Whether two pairs of writes are such pairs is uncorrelated, also where they share a write, because cells are alike.
  return {
    mean: pairsOfDevices * edits ** 2 * odds,
    deviation: Math.sqrt(pairsOfDevices * edits ** 2 * odds * (1 - odds)),
  }
}
