import { every, monotonicMs } from '../platform/clock.ts'
import type { Terminal } from '../platform/terminal.ts'
import type { ProgressReport } from './roles.ts'
import type { SessionShow } from './stage.ts'
import { fixed, whole } from './text.ts'

const barEveryMs = 100
const lineEveryMs = 5000
const barWidth = 24

export interface ProgressView extends SessionShow {
  end(): void
}

/** A bar on a terminal, a plain line every few seconds elsewhere; events are lines of their own in both. */
export function createProgress(terminal: Terminal, total: number): ProgressView {
  const { colors, live } = terminal
  let latest: ProgressReport | undefined
  let rate = 0
  let sampled = { position: 0, at: monotonicMs() }
  let drawn = false

  const clear = (): void => {
    if (drawn) terminal.err('\r\u001b[2K')
    drawn = false
  }
  const say = (text: string): void => {
    clear()
    terminal.err(`${text}\n`)
  }
  const draw = (): void => {
    if (latest === undefined) return
    const seconds = (monotonicMs() - sampled.at) / 1000
    if (seconds >= 1 || !live) {
      rate = Math.max(0, (latest.position - sampled.position) / seconds)
      sampled = { position: latest.position, at: monotonicMs() }
    }
    if (!live) return say(lineOf(latest, total, rate))
    clear()
    terminal.err(
      `${colors.cyan(barOf(latest.position / total))} ${lineOf(latest, total, rate)}`.slice(0, terminal.columns + 10),
    )
    drawn = true
  }
  const stop = every(live ? barEveryMs : lineEveryMs, draw)

  return {
    progress: (report) => (latest = report),
    cut: ({ index, position, unacked }) =>
      say(
        `Cut ${index + 1}: the author's link is down from transaction ${whole(position)}, ${whole(unacked)} writes unacknowledged.`,
      ),
    rejoined: ({ index, position, pending }) =>
      say(`Cut ${index + 1}: the link is back at transaction ${whole(position)}, ${whole(pending)} writes wait.`),
    killed: (strike, position, unacked) =>
      say(`SIGKILL to the ${strike} at transaction ${whole(position)}, ${whole(unacked)} writes unacknowledged.`),
    restarted: (strike, position) =>
      say(`The ${strike} is back${strike === 'author' ? ` and goes on after transaction ${whole(position)}` : ''}.`),
    phase: (text) => {
      latest = undefined
      say(text)
    },
    end: () => {
      stop()
      clear()
    },
  }
}

function lineOf({ position, pending, online }: ProgressReport, total: number, rate: number): string {
  const share = fixed((100 * position) / total, 1).padStart(5)
  return `${share} % · ${whole(position)} transactions · ${whole(rate)}/s · ${whole(pending)} pending · ${online ? 'online' : 'offline'}`
}

function barOf(share: number): string {
  const full = Math.round(barWidth * Math.min(1, share))
  return '█'.repeat(full) + '░'.repeat(barWidth - full)
}
