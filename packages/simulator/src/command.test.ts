import { expect, test } from 'vitest'
import { simulate } from './campaign/command.ts'
import { FakeHost, workersHere } from './campaign/host.test.fake.ts'
import { runner } from './runner.ts'
import { parseNotation } from './schedule/notation.ts'
import { scheduleOf } from './schedule/schedule.ts'
import { vocabulary } from './schedule/vocabulary.ts'

async function run(words: string, host = new FakeHost()) {
  const status = await simulate(words.split(' '), { runner, host, openWorkers: () => workersHere(runner) })
  return { status, host }
}

test('[SI42] a seed is shown as a schedule with what struck, and its file is the same run', async () => {
  const { status, host } = await run('--seed 3')
  expect(status).toBe(0)
  const { schedule } = parseNotation(host.said, vocabulary)
  expect(schedule).toMatchObject({ seed: 3, conditions: scheduleOf(3).conditions, acts: scheduleOf(3).acts })
  const trace = /trace \w{16}$/m.exec(host.said)?.[0]
  const again = new FakeHost()
  again.files.set('seed-3.schedule', host.said)
  expect((await run('--file seed-3.schedule', again)).status).toBe(0)
  expect(/trace \w{16}$/m.exec(again.said)?.[0]).toBe(trace)
  expect(trace).toBeDefined()
})

test('[SI42] a few seeds are run and summed up; words that nobody knows have status 2', async () => {
  const { status, host } = await run('--seeds 2 --from 3')
  expect(status).toBe(0)
  expect(host.said).toMatch(/^2 seeds from 3 to 4 in .*\n[\d,]+ edits, [^]*\nEvery promise held\.\n$/)
  expect((await run('--sed 3')).status).toBe(2)
})
