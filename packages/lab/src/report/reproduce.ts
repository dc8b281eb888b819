import type { Section } from '../page/index.ts'
import type { Lab } from './lab.ts'
import { ranges, whole } from './told.ts'

export function reproduce({ input, runs }: Lab): Section {
  const { command, policies, workloads, conditions, seeds, sessions } = input
  const planned = policies.length * workloads.length * conditions.length * seeds.length
  const missing = planned - runs.all.length
  return {
    title: 'How to reproduce',
    blocks: [
      { kind: 'paragraph', text: ['This report is what ', { code: command }, ' makes.'] },
      {
        kind: 'facts',
        facts: [
          ...(planned === 0
            ? []
            : ([
                ['Seeds', ranges(seeds)],
                ['Runs', whole(runs.all.length)],
                ['Each run', ['is in ', { code: 'runs.csv' }, ' and ', { code: 'runs.json' }, ', with its seed.']],
              ] as const)),
          ...(sessions.length === 0
            ? []
            : ([
                ['Recorded sessions', ['are in ', { code: 'sessions.csv' }, ' and ', { code: 'runs.json' }, '.']],
              ] as const)),
        ],
      },
      ...(missing === 0
        ? []
        : [
            {
              kind: 'warning',
              text: `Of the ${whole(planned)} runs of the plan ${whole(missing)} are missing.`,
            } as const,
          ]),
    ],
  }
}
