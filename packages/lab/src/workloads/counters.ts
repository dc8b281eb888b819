import type { Workload } from './workload.ts'

export const counters: Workload = {
  name: 'counters',
  about: 'Everybody counts up the same few numbers.',
  parameters: [{ name: 'counters', value: 3, source: 'the plainest case: few, so that they meet' }],
  entities: { tallies: { shape: { count: { kind: 'counter' } }, count: 3 } },
  act: (person) => person.choose('tallies')?.do({ do: 'add', field: 'count', amount: 1 }),
  invariants: [
    {
      name: 'counter exact',
      of: 'tallies',
      broken({ shown, entity, ledger }) {
        const added = ledger
          .of(entity)
          .flatMap(({ deeds }) => deeds)
          .reduce((sum, deed) => sum + (deed.do === 'add' ? deed.amount : 0), 0)
        return shown?.['count'] === added ? 0 : 1
      },
    },
  ],
}
