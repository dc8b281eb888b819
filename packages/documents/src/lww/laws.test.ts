import { describe } from 'vitest'
import { testLaws } from '../laws.test.helper.ts'
import { engineLaws, entityLaws, ruleOf } from '../testing/index.ts'
import { lastWriteWins } from './index.ts'
import { goingClock, jumpingClock, policiesBy, standingClock } from './policies.test.helper.ts'

const skips = new Map([
  ['DO7', 'Of concurrent writes of a key one stands and the others are dropped.'],
  ['DO37', 'A text is one value: what others wrote into it goes with it, so one alone cannot be undone step by step.'],
])

for (const policy of policiesBy(goingClock()))
  describe(`the engine laws, by ${policy.order} of each ${policy.unit}`, () => {
    testLaws(engineLaws, lastWriteWins(policy), { runs: 25, skips })
  })

const convergence = new Set(['DO1', 'DO2', 'DO3', 'DO4', 'DO5', 'DO6', 'DO8', 'DO9', 'DO10', 'DO11', 'DO12'])

// A write may be lost the moment it is made, but everybody has to agree on that.
for (const policy of policiesBy(jumpingClock()).filter(({ order }) => order === 'wall-clock'))
  describe(`convergence by clocks that are wrong, of each ${policy.unit}`, () => {
    testLaws(
      engineLaws.filter((law) => convergence.has(ruleOf(law))),
      lastWriteWins(policy),
      { runs: 25 },
    )
  })

const ofEntities = new Set(['DO190', 'DO191', 'DO192'])

// What is seeded by `ensure` has equal bytes on all devices only if their clocks say the same.
for (const policy of policiesBy(standingClock))
  describe(`entities of every kind, by ${policy.order} of each ${policy.unit}`, () => {
    testLaws(
      entityLaws.filter((law) => ofEntities.has(ruleOf(law))),
      lastWriteWins(policy),
      { runs: 10 },
    )
  })
