import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { yjs } from '@rejoin/documents/yjs'
import type { Json } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { policies, run, workloads } from './index.ts'
import type { Conditions, Policy, Workload } from './index.ts'
import { asPutAndTaken } from './workloads/invariants.ts'
import { listIn } from './workloads/shown.ts'

// use
const hour = 3_600_000
const hours: Conditions = {
  name: 'hours',
  devices: 4,
  durationMs: 12 * hour,
  edits: 40, // of each device
  apartMs: hour,
  contention: 1,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
}
// used

test('the first example of the README runs as it stands there', async () => {
  const printed: unknown[] = []
  const console = { log: (...all: unknown[]): unknown => printed.push(...all) }
  // begin
  const workload = workloads.find(({ name }) => name === 'studio')
  const policy = policies.find(({ name }) => name === 'lww-field-hlc')
  if (!workload || !policy) throw new Error('There is none of that name.')
  const { edits, invariants, convergent } = await run({ policy, workload, conditions: hours, seed: 1 })
  console.log(edits, convergent, invariants['playlist holds every track once']) // 160 true, and how many tracks are gone
  // end
  expect(printed).toEqual([160, true, expect.any(Number)])
  expect(printed[2]).toBeGreaterThan(0)
  expect(codeIn(/^# /)).toContain(between('use', 'used') + between('begin', 'end'))
})

// policy
const longestWins: Policy = {
  name: 'longest-wins',
  about: 'Of concurrent versions of the field the longest stands.',
  form: 'whole',
  // A function of the versions alone, oldest first, so that every device computes the same.
  registers: {
    resolve: (versions) => versions.reduce((longest, each) => (size(each) > size(longest) ? each : longest)),
  },
  open: () => Promise.resolve(() => yjs),
}

const size = (value: Json): number => JSON.stringify(value).length
// policies

// workload
const shopping: Workload = {
  name: 'shopping',
  about: 'A household writes what it needs, and ticks off what somebody bought.',
  parameters: [
    { name: 'lists', value: 2, source: 'our assumption: one for food and one for the rest' },
    { name: 'ticks off', value: 0.4, source: 'our assumption: a little less often than something is written' },
  ],
  entities: { lists: { shape: { needed: { kind: 'set' } }, count: 2 } },
  act(person) {
    const page = person.choose('lists')
    if (page === undefined) return
    const needed = listIn(page.shown, 'needed')
    if (needed.length > 0 && person.dice.chance(0.4))
      page.do({ do: 'take', field: 'needed', element: person.dice.pick(needed) })
    else page.do({ do: 'put', field: 'needed', element: person.name('need') })
  },
  invariants: [asPutAndTaken({ name: 'what is needed is on the list', of: 'lists', field: 'needed' })],
}
// workloads

test('the policy and the workload of the guide run as they stand there', async () => {
  expect(codeIn(/## To add a policy/)).toBe(plain('export ') + between('policy', 'policies'))
  expect(codeIn(/## To add a workload/)).toBe(plain('export ') + between('workload', 'workloads'))
  const conditions = hours
  const longest = await run({ policy: longestWins, workload: shopping, conditions, seed: 1 })
  expect([longest.convergent, longest.edits]).toEqual([true, 160])
  expect(longest.invariants['what is needed is on the list']).toBeGreaterThan(0)
  const [merging] = policies
  if (merging === undefined) throw new Error('There is no policy.')
  const merged = await run({ policy: merging, workload: shopping, conditions, seed: 1 })
  expect([merged.convergent, merged.edits, merged.invariants]).toEqual([
    true,
    160,
    { 'what is needed is on the list': 0 },
  ])
})

/** Without white space: the two are laid out for pages of different width. */
function plain(code: string): string {
  return code
    .replaceAll(/\s+/g, '')
    .replaceAll(/,(?=[)\]}])/g, '')
    .replaceAll(/\/\/ofeachdevice/g, '')
}

function codeIn(heading: RegExp): string {
  const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const section = page.slice(page.search(heading))
  return plain(/```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '')
}

function between(from: string, to: string): string {
  const own = readFileSync(import.meta.filename, 'utf8')
  return plain(new RegExp(`// ${from}\\n([\\s\\S]*?)// ${to}\\n`).exec(own)?.[1] ?? 'none')
}
