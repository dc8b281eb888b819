/**
 * Tries the laws of engines and entities for as long as there is time, from where the last sitting ended. Exit status 1 if one is
 * broken, 2 if it cannot be asked. See README.md.
 */
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { entityLaws, parseHistory, planLaws, ruleOf } from '@rejoin/documents/testing'
import type { Law } from '@rejoin/documents/testing'
import { runCampaign } from './campaign.ts'
import { candidateNamed, candidates } from './engines.ts'
import { laws } from './laws.ts'
import { readOptions } from './options.ts'
import type { CampaignOptions, ReplayOptions } from './options.ts'
import { progressLine, summaryOf } from './report.ts'
import { begin, printState, readState } from './state.ts'
import type { State } from './state.ts'
import { Threads } from './threads.ts'

const showEveryMs = 5_000

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words, {
    seed: randomInt(1_000_000),
    cores: availableParallelism(),
    known: [...new Set(laws.map(ruleOf))],
    engines: candidates.map(({ name }) => name),
  })
  if (typeof options === 'string') return fail(options)
  return options.kind === 'replay' ? replay(options) : campaign(options)
}

async function campaign(options: CampaignOptions): Promise<number> {
  const { engine, resume } = options
  const planned = planLaws(laws, candidateNamed(engine).skips).filter(({ law }) => isAsked(options.rules, law))
  const skipped = planned.flatMap(({ law, reason }) =>
    reason === undefined ? [] : `skipped: ${law.title} (${reason})\n`,
  )
  process.stderr.write(skipped.join(''))
  const titles = planned.flatMap(({ law, reason }) => (reason === undefined ? law.title : []))
  if (titles.length === 0) return fail('No law is left.')
  const kept = resume !== undefined && existsSync(resume) ? readState(readFileSync(resume, 'utf8')) : undefined
  if (resume !== undefined && existsSync(resume) && kept === undefined) return fail(`${resume} keeps no campaign.`)
  if (kept !== undefined && (kept.engine !== engine || kept.laws.join() !== titles.join()))
    return fail(`${resume} keeps a campaign of another engine, or of other laws.`)
  const state = await sit(kept ?? begin(engine, titles, options.seed), options)
  process.stdout.write(options.json ? printState(state) : summaryOf(state))
  return state.failures.length === 0 ? 0 : 1
}

async function sit(before: State, { jobs, batches, forMs, resume }: CampaignOptions): Promise<State> {
  const threads = new Threads(before.engine)
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

async function replay({ engine: name, path, rules }: ReplayOptions): Promise<number> {
  const asked = entityLaws.filter((law) => isAsked(rules, law))
  if (rules.length === 0 || asked.length === 0) return fail('--file goes with --laws, which are laws of entities.')
  const history = parseHistory(readFileSync(path, 'utf8'))
  const engine = await candidateNamed(name).open()
  for (const law of asked) {
    try {
      law.replay(engine, history)
      process.stdout.write(`held: ${law.title}\n`)
    } catch (cause) {
      process.stdout.write(`BROKEN: ${law.title}\n${cause instanceof Error ? cause.message : String(cause)}\n`)
      return 1
    }
  }
  return 0
}

function isAsked(rules: readonly string[], law: Law): boolean {
  return rules.length === 0 || rules.includes(ruleOf(law))
}

function fail(why: string): number {
  process.stderr.write(`${why}\n`)
  return 2
}
