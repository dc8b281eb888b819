import { devToken } from '@rejoin/server'
import type { EngineName } from '../engines.ts'
import { Failure } from '../failure.ts'
import { atExit } from '../platform/cleanup.ts'
import { wallMs } from '../platform/clock.ts'
import { emptyFolder, removeFolder, temporaryFolder } from '../platform/folder.ts'
import { newSecret } from '../platform/secret.ts'
import type { Terminal } from '../platform/terminal.ts'
import { readTrace } from '../platform/trace-file.ts'
import type { ExitStatus } from '../exit-status.ts'
import { space, tenant } from '../replay/app.ts'
import { rawRate } from '../replay/figures.ts'
import type { Figures } from '../replay/figures.ts'
import { calm, drawPlan, seededDraw } from '../replay/plan.ts'
import type { Faults } from '../replay/plan.ts'
import { createProgress } from '../replay/progress.ts'
import { renderReport } from '../replay/report.ts'
import { playSession } from '../replay/session.ts'
import type { Played } from '../replay/session.ts'
import { judge } from '../replay/verdict.ts'
import { firstOf } from '@rejoin/lab/trace'
import type { Trace } from '@rejoin/lab/trace'

const tokenLifeMs = 24 * 60 * 60 * 1000

export interface ReplayOptions {
  readonly trace: string
  readonly engine: EngineName
  readonly first: number | undefined
  readonly faults: Faults
  readonly calm: boolean
  readonly seed: number
  readonly json: boolean
  /** Where the stores are kept afterwards; a temporary folder that is removed unless told. */
  readonly keep: string | undefined
  readonly debug: boolean
}

/** Plays a writing session and says whether every promise held. */
export async function replay(options: ReplayOptions, terminal: Terminal): Promise<ExitStatus> {
  const whole = readTrace(options.trace)
  const trace = firstOf(whole, options.first ?? whole.transactions.length)
  const planned = options.calm ? calm : options.faults
  const figures = await inFolder(options.keep, (folder) => playIn(folder, trace, planned, options, terminal))
  if (options.json) terminal.out(`${JSON.stringify(figures)}\n`)
  else terminal.out(renderReport(figures, terminal.colors))
  if (options.json) for (const failure of figures.failures) terminal.err(`${failure}\n`)
  return figures.ok ? 0 : 1
}

async function inFolder(keep: string | undefined, use: (folder: string) => Promise<Figures>): Promise<Figures> {
  if (keep !== undefined) return use(emptyFolder(keep))
  const folder = temporaryFolder()
  const done = atExit(() => removeFolder(folder))
  try {
    return await use(folder)
  } finally {
    removeFolder(folder)
    done()
  }
}

async function playIn(
  folder: string,
  trace: Trace,
  planned: Faults,
  options: ReplayOptions,
  terminal: Terminal,
): Promise<Figures> {
  const total = trace.transactions.length
  const plan = drawPlan(total, planned, seededDraw(options.seed))
  const secret = newSecret()
  const progress = createProgress(terminal, total)
  try {
    const played = await playSession({
      engine: options.engine,
      trace,
      plan,
      folder,
      secret,
      choice: { file: options.trace, first: options.first },
      show: progress,
      keep: options.keep !== undefined,
      debug: options.debug,
      token: (user) =>
        devToken({ secret, tenant, user, spaces: { [space]: 'editor' }, nowMs: wallMs(), lifeMs: tokenLifeMs }),
    })
    const drawn = { cuts: plan.cuts.length, kills: plan.kills.length, serverKills: plan.serverKills.length }
    if (options.keep !== undefined) progress.phase(`The stores and the log are in ${folder}.`)
    return figuresOf(trace, drawn, options, played)
  } finally {
    progress.end()
  }
}

function figuresOf(
  trace: Trace,
  planned: Faults,
  { engine, seed }: Pick<ReplayOptions, 'engine' | 'seed'>,
  played: Played,
): Figures {
  const { ledger, raw } = played
  const happened: Faults = {
    cuts: ledger.cuts.length,
    kills: played.unackedAtKills.length,
    serverKills: played.unackedAtServerKills.length,
  }
  const verdict = judge({ trace, planned, happened, ...played })
  const transactions = trace.transactions.length
  return {
    trace: trace.name,
    engine,
    transactions,
    seconds: rounded(played.seconds, 2),
    transactionsPerSecond: rounded(transactions / (ledger.totals.typingMs / 1000), 0),
    [rawRate[engine]]: rounded(raw.transactionsPerSecond, 0),
    entriesAcked: ledger.acks.count,
    bytesUp: ledger.totals.bytesUp,
    bytesDown: ledger.totals.bytesDown,
    rawUpdateBytes: raw.updateBytes,
    cuts: happened.cuts,
    kills: happened.kills,
    unackedAtKills: played.unackedAtKills,
    madeOffline: ledger.totals.madeOffline,
    catchUpMs: rounded(played.catchUpMs, 1),
    rawApplyMs: rounded(played.rawApplyMs, 1),
    serverRssMb: rounded(played.serverRssMb, 1),
    serverKills: happened.serverKills,
    unackedAtServerKills: played.unackedAtServerKills,
    unackedAtCuts: ledger.cuts.map((cut) => cut.unacked),
    seed,
    ...verdict,
  }
}

function rounded(value: number, digits: number): number {
  if (!Number.isFinite(value)) throw new Failure('A figure of the session could not be measured.')
  return Number(value.toFixed(digits))
}
