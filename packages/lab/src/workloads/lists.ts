import { oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { items, move, place, remove } from './deeds.ts'
import { eachOnce } from './invariants.ts'
import type { Workload } from './workload.ts'

const source = 'the plainest case: mostly moves, and lists stay as long as they are'
const acts: readonly Act[] = [
  { name: 'places', weight: 1, source, to: 'lists', does: place('items') },
  { name: 'moves', weight: 2, source, to: 'lists', does: move('items') },
  { name: 'removes', weight: 1, source, to: 'lists', does: remove('items') },
]

export const lists: Workload = {
  name: 'lists',
  about: 'Everybody arranges the same few lists, adds to them and removes from them.',
  parameters: [
    ...weightsOf(acts),
    { name: 'lists', value: 3, source: 'few, so that they meet' },
    { name: 'items at the beginning', value: 10, source: 'as many as can be seen at once' },
  ],
  entities: {
    lists: { shape: { items: { kind: 'order' } }, count: 3, start: (start) => items(start, 'items', 10) },
  },
  act: oneOf(acts),
  invariants: [eachOnce({ name: 'list holds every item once', of: 'lists', field: 'items' })],
}
