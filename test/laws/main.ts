/**
 * Tries the laws of entities for as long as there is time, from where the last sitting ended. Exit status 1 if one is
 * broken, 2 if it cannot be asked. See README.md.
 */
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { entityLaws, parseHistory } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { runCampaign } from './campaign.ts'
import { readOptions } from './options.ts'
import type { CampaignOptions, ReplayOptions } from './options.ts'
import { progressLine, summaryOf } from './report.ts'
import { begin, printState, readState } from './state.ts'
import type { State } from './state.ts'
import { Threads } from './threads.ts'

const showEveryMs = 5_000
const ruleOf = (title: string): string => /^\[(\w+)\]/.exec(title)?.[1] ?? ''

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const known = [...new Set(entityLaws.map(({ title }) => ruleOf(title)))]
  const options = readOptions(words, { seed: randomInt(1_000_000), cores: availableParallelism(), known })
  if (typeof options === 'string') return fail(options)
  return options.kind === 'replay' ? replay(options) : campaign(options)
}

async function campaign(options: CampaignOptions): Promise<number> {
  const { resume } = options
  const laws = entityLaws.map(({ title }) => title).filter((title) => isAsked(options.rules, title))
  const kept = resume !== undefined && existsSync(resume) ? readState(readFileSync(resume, 'utf8')) : undefined
  if (resume !== undefined && existsSync(resume) && kept === undefined) return fail(`${resume} keeps no campaign.`)
  if (kept !== undefined && kept.laws.join() !== laws.join()) return fail(`${resume} keeps a campaign of other laws.`)
  const state = await sit(kept ?? begin(laws, options.seed), options)
  process.stdout.write(options.json ? printState(state) : summaryOf(state))
  return state.failures.length === 0 ? 0 : 1
}

async function sit(before: State, { jobs, batches, forMs, resume }: CampaignOptions): Promise<State> {
  const threads = new Threads()
  let isStopped = false
  let shownMs = performance.now()
  let stop: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isStopped = true
      stop()
    })
  let state = before
  const moved = (next: State): void => {
    state = next
    if (resume !== undefined) save(resume, state)
    if (performance.now() - shownMs < showEveryMs) return
    shownMs = performance.now()
    process.stderr.write(`${progressLine(state)}\n`)
  }
  const nowMs = (): number => performance.now()
  const tryBatch = threads.tryBatch.bind(threads)
  const run = runCampaign(before, { jobs, batches, forMs, nowMs, tryBatch, moved, isStopped: () => isStopped })
  await Promise.race([run, stopped])
  await threads.close()
  return state
}

/** All of it is there after a crash, or all of what was there before. */
function save(path: string, state: State): void {
  writeFileSync(`${path}.new`, printState(state))
  renameSync(`${path}.new`, path)
}

function replay({ path, rules }: ReplayOptions): number {
  if (rules.length === 0) return fail('--file goes with --laws.')
  const history = parseHistory(readFileSync(path, 'utf8'))
  for (const law of entityLaws.filter(({ title }) => isAsked(rules, title))) {
    try {
      law.replay(yjs, history)
      process.stdout.write(`held: ${law.title}\n`)
    } catch (cause) {
      process.stdout.write(`BROKEN: ${law.title}\n${cause instanceof Error ? cause.message : String(cause)}\n`)
      return 1
    }
  }
  return 0
}

function isAsked(rules: readonly string[], title: string): boolean {
  return rules.length === 0 || rules.includes(ruleOf(title))
}

function fail(why: string): number {
  process.stderr.write(`${why}\n`)
  return 2
}
