import type { Host } from './host.ts'
import type { State } from './state.ts'
import { grouped, hoursOf, spanOf } from './text.ts'

export interface Progress {
  /** A line that stays. */
  say(text: string): void
  /** What is going on besides the seeds; empty: nothing. */
  aside: string
  end(): void
}

const rewrittenEveryMs = 200
const lineEveryMs = 5_000

/** One line that is rewritten on a terminal, and one every few seconds elsewhere. */
export function showProgress(host: Host, stateNow: () => State): Progress {
  let isDrawn = false
  const clear = (): void => {
    if (isDrawn) host.err('\r\u001B[2K')
    isDrawn = false
  }
  const draw = (): void => {
    clear()
    const line = [lineOf(stateNow()), progress.aside].filter((part) => part !== '').join(' · ')
    host.err(host.isLive ? line.slice(0, host.columns - 1) : `${line}\n`)
    isDrawn = host.isLive
  }
  const stop = host.every(host.isLive ? rewrittenEveryMs : lineEveryMs, draw)
  const progress: Progress = {
    aside: '',
    say: (text) => {
      clear()
      host.err(`${text}\n`)
    },
    end: () => {
      stop()
      clear()
    },
  }
  return progress
}

function lineOf(state: State): string {
  const { campaign, sums, elapsedMs } = state
  const perSecond = (sums.seeds / elapsedMs) * 1_000 || 0
  const of = campaign.seeds === null ? '' : ` of ${grouped(campaign.seeds)}`
  const leftMs = msLeft(state)
  return [
    `${grouped(sums.seeds)}${of} seeds`,
    `${grouped(sums.failed)} failed`,
    `${perSecond.toFixed(1)} seeds/s`,
    `${hoursOf(sums.virtualMs)} virtual hours`,
    ...(leftMs === undefined ? [] : [`${spanOf(leftMs)} left`]),
  ].join(' · ')
}

/** By the seeds, by the time, or by what comes first; undefined as long as nobody can say. */
function msLeft({ campaign, sums, elapsedMs }: State): number | undefined {
  const bySeeds =
    campaign.seeds === null || sums.seeds === 0 ? undefined : ((campaign.seeds - sums.seeds) * elapsedMs) / sums.seeds
  const byTime = campaign.forMs === null ? undefined : Math.max(0, campaign.forMs - elapsedMs)
  if (bySeeds === undefined || byTime === undefined) return bySeeds ?? byTime
  return Math.min(bySeeds, byTime)
}
