import { neverBack } from './invariants.ts'
import type { Workload } from './workload.ts'

const steps = Array.from({ length: 12 }, (_, nth) => `step-${nth + 1}`)

export const statuses: Workload = {
  name: 'statuses',
  about: 'Everybody takes the same things some steps on, as far as they go.',
  parameters: [
    { name: 'things', value: 20, source: 'the plainest case: enough that some are not at their end' },
    { name: 'steps', value: steps.length, source: 'enough that people are at different ones' },
    { name: 'steps at a time', value: '1 to 3', source: 'so that people take different ones at the same time' },
  ],
  entities: {
    things: {
      shape: { status: { kind: 'status', steps } },
      count: 20,
      start: () => [{ do: 'set', field: 'status', value: 'step-1' }],
    },
  },
  act(person) {
    const page = person.choose('things')
    const at = steps.indexOf(String(page?.shown['status']))
    const value = steps[Math.min(steps.length - 1, at + 1 + person.dice.below(3))]
    if (value !== undefined) page?.do({ do: 'set', field: 'status', value })
  },
  invariants: [neverBack({ name: 'status never goes back', of: 'things', field: 'status' }, steps)],
}
