import { parseNotation, runSchedule, vocabulary } from '@rejoin/simulator'
import type { Notation } from '@rejoin/simulator'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('regressions/', import.meta.url)
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.schedule')) : []

/** A file that is none, or that does not say why it is there, fails: what is skipped proves nothing. */
function read(text: string): Notation & { readonly why: string } {
  const { schedule, why } = parseNotation(text, vocabulary)
  if (why === undefined) throw new TypeError('A regression says what it once broke: # why: …')
  return { schedule, why }
}

for (const name of files) {
  const { schedule, why } = read(readFileSync(new URL(name, folder), 'utf8'))
  test(`[SI6] ${name}: ${why}`, async () => expect((await runSchedule(schedule)).wrong).toEqual([]))
}

test('[SI6] a committed schedule runs as it is written, not as its seed would unroll now', async () => {
  const { schedule } = read(`# why: an example
    seed 3
    set replicas 2
    set chaosMs 2000
    0.200 r0 edit 1
    0.900 r1 edit 1
    at r0.1 up 2 drop`)
  const { wrong, schedule: ran, edits } = await runSchedule(schedule)
  expect(wrong).toEqual([])
  expect(ran.acts).toEqual(schedule.acts)
  expect(edits).toBeLessThanOrEqual(4)
})

test('[SI6] a file that is none, or gives no reason, fails', () => {
  for (const bad of [
    '{"seed": 3}',
    '# why: no seed\n',
    'seed 3\n',
    '# why: no such fault\nseed 3\nat r0 commit 1 rain\n',
  ])
    expect(() => read(bad)).toThrow()
})
