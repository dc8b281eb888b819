import type { Workload } from './workload.ts'
import { counterExact } from './invariants.ts'

export const counters: Workload = {
  name: 'counters',
  about: 'Everybody counts up the same few numbers.',
  parameters: [{ name: 'counters', value: 3, source: 'the plainest case: few, so that they meet' }],
  entities: { tallies: { shape: { count: { kind: 'counter' } }, count: 3 } },
  act: (person) => person.choose('tallies')?.do({ do: 'add', field: 'count', amount: 1 }),
  invariants: [counterExact({ name: 'counter exact', of: 'tallies', field: 'count' })],
}
