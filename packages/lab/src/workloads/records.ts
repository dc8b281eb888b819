import { rename } from './deeds.ts'
import { latestValue } from './invariants.ts'
import type { Workload } from './workload.ts'

/** Beside the id, which is the entity's own. */
const fields = ['title', 'status', 'priority', 'assignee', 'due', 'done', 'notes'] as const

export const records: Workload = {
  name: 'records',
  about: 'Everybody edits one field at a time of records of seven single values.',
  parameters: [
    { name: 'records', value: 20, source: 'the plainest case: a page of a list' },
    { name: 'fields', value: fields.length, source: 'the small entity that the benchmarks share, without its id' },
  ],
  entities: {
    records: {
      shape: Object.fromEntries(fields.map((field) => [field, { kind: 'value' }])),
      count: 20,
      start: ({ name }) => fields.map((field) => ({ do: 'set', field, value: name(field) })),
    },
  },
  act(person) {
    const page = person.choose('records')
    if (page !== undefined) rename(person.dice.pick(fields))(person, page)
  },
  invariants: fields.map((field) => latestValue({ name: `${field} as written`, of: 'records', field })),
}
