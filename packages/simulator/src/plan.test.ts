import { expect, test } from 'vitest'
import { acts, planOf } from './plan.ts'
import { parseRegression } from './regression.ts'

const plans = Array.from({ length: 400 }, (_, seed) => planOf(seed))

test('[SI4] a seed unrolls to the same plan always, and the plan survives JSON', () => {
  for (const plan of plans) {
    expect(planOf(plan.seed)).toEqual(plan)
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  }
})

test('[SI4] every fault is in some plans and missing in others', () => {
  const dials: readonly ((plan: (typeof plans)[number]) => number | boolean)[] = [
    ...acts
      .filter((act) => act !== 'edit' && act !== 'look')
      .map((act) => (plan: (typeof plans)[number]) => plan.everyMs[act]),
    ...(['drop', 'duplicate', 'flip', 'cut', 'halfOpen', 'stall'] as const).map(
      (fault) => (plan: (typeof plans)[number]) => plan.network[fault],
    ),
    (plan) => plan.disk.delayMs,
    (plan) => plan.disk.crash,
    (plan) => plan.log.delayMs,
    (plan) => plan.log.crash,
    (plan) => plan.away,
    (plan) => plan.refuseOneIn,
    (plan) => plan.tiny,
    (plan) => plan.replicas > 1,
  ]
  for (const dial of dials) {
    const on = plans.filter((plan) => Boolean(dial(plan))).length
    expect(on).toBeGreaterThan(plans.length / 10)
    expect(on).toBeLessThan((plans.length * 9) / 10)
  }
})

test('[SI6] a regression is its seed, its plan as it was, and a reason; anything else is refused', () => {
  const plan = planOf(12)
  const file = { seed: 12, plan, why: 'An ack came before its commit.' }
  expect(parseRegression(JSON.stringify(file))).toEqual(file)
  const { tiny, ...older } = plan
  expect(tiny).toBeTypeOf('boolean')
  for (const bad of [{}, { ...file, seed: 13 }, { ...file, plan: older }, { seed: 12, plan }])
    expect(() => parseRegression(JSON.stringify(bad))).toThrow(TypeError)
})
