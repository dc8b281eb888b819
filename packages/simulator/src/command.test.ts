import { expect, test } from 'vitest'
import { main } from './command.ts'

async function run(...words: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  let text = ''
  const status = await main(words, { write: (more) => (text += more) })
  return { status, text }
}

test('[SI10] one seed is told with its plan and its trace, and many with a summary', async () => {
  const one = await run('--seed', '7')
  expect(one.status).toBe(0)
  expect(one.text).toMatch(/^seed 7: held, \d+ edits, \d+ steps, trace [0-9a-f]{16}\n {2}\{"seed":7,/)
  const many = await run('--seeds', '2', '--from', '7')
  expect(many.status).toBe(0)
  expect(many.text).toMatch(/^2 seeds, \d+ edits, \d+ steps, .* virtual hours\ndrop \d+, .*\nEvery promise held\.\n$/)
})

test('[SI10] every event of a seed is shown if asked for', async () => {
  const { text } = await run('--seed', '7', '--show')
  expect(text).toMatch(/^\d+\.\d{3} r0 up \(\d+ bytes\)$/m)
  expect(text).toMatch(/^\d+\.\d{3} server commits /m)
})

test('[SI10] wrong words get the usage and status 2', async () => {
  for (const words of [['--seeds', '0'], ['--seeds', 'many'], ['--seed', '-1'], ['--sed', '1'], ['7']])
    expect(await run(...words)).toEqual({ status: 2, text: expect.stringMatching(/^usage: /) })
})
