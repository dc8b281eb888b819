import { expect, test } from 'vitest'
import { everything } from '../judge/everything.test.helper.ts'
import { run } from '../run.ts'
import type { RunResult } from '../run.ts'
import { holding } from '../world/devices.test.helper.ts'
import type { Held } from '../world/held.ts'
import type { Conditions } from '../world/conditions.ts'
import { clientWins } from './client-wins.ts'
import { firstWriteWins } from './first-write-wins.ts'
import { byArrival } from './last-write-wins.ts'
import type { Policy } from './policy.ts'

async function two(policy: Policy): Promise<[Held, Held]> {
  const [model, [one, other]] = await holding(policy, { title: { kind: 'value' } }, 2)
  const [a, b] = [one?.held(model.id), other?.held(model.id)]
  if (a === undefined || b === undefined) throw new Error('There are no devices.')
  b.take(a.create())
  return [a, b]
}

const write = (held: Held, value: string): ReturnType<Held['do']> => held.do([{ do: 'set', field: 'title', value }])

test('[LA61] of concurrent versions the earliest is shown, and what was written over one is as young as it is', async () => {
  const [a, b] = await two(firstWriteWins)
  const first = write(a, 'a1')
  const second = write(b, 'b1')
  b.take(first)
  a.take(second)
  expect([a.shown, b.shown]).toEqual([{ title: 'a1' }, { title: 'a1' }])

  const [c, d] = await two(firstWriteWins)
  const before = write(c, 'a1')
  const between = write(d, 'b1')
  const over = write(c, 'a2')
  d.take([...before, ...over])
  c.take(between)
  expect([c.shown, d.shown]).toEqual([{ title: 'b1' }, { title: 'b1' }])
})

test('[LA62] client wins comes to the same as the latest arrival of a record', async () => {
  const conditions: Conditions = {
    ...{ name: 'apart', devices: 3, durationMs: 6 * 3_600_000, edits: 30, apartMs: 3_600_000 },
    ...{ contention: 1, skewMs: 0, delayMs: 50, bytesPerMs: 1_000 },
  }
  const under = async (policy: Policy): Promise<RunResult> => ({
    ...(await run({ policy, workload: everything, conditions, seed: 1 })),
    policy: '',
    cpuMs: 0,
  })
  const result = await under(clientWins)
  expect(result).toEqual(await under(byArrival('record')))
  expect(result.lost).toBeGreaterThan(0)
  expect(result).not.toEqual(await under(byArrival('field')))
})
