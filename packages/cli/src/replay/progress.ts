import { monotonicMs } from '../platform/clock.ts'
import type { Terminal } from '../platform/terminal.ts'
import { createStatusLine } from '../status-line.ts'
import type { ProgressReport } from './roles.ts'
import type { SessionShow } from './stage.ts'
import { fixed, whole } from './text.ts'

export interface ProgressView extends SessionShow {
  end(): void
}

/** How far the session is, and in lines of their own what happened. */
export function createProgress(terminal: Terminal, total: number): ProgressView {
  let latest: ProgressReport | undefined
  let rate = 0
  let sampled = { position: 0, at: monotonicMs() }

  const { say, end } = createStatusLine(terminal, () => {
    if (latest === undefined) return undefined
    const seconds = (monotonicMs() - sampled.at) / 1000
    if (seconds >= 1 || !terminal.live) {
      rate = Math.max(0, (latest.position - sampled.position) / seconds)
      sampled = { position: latest.position, at: monotonicMs() }
    }
    return { share: latest.position / total, text: lineOf(latest, total, rate) }
  })

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
    end,
  }
}

function lineOf({ position, pending, online }: ProgressReport, total: number, rate: number): string {
  const share = fixed((100 * position) / total, 1).padStart(5)
  return `${share} % · ${whole(position)} transactions · ${whole(rate)}/s · ${whole(pending)} pending · ${online ? 'online' : 'offline'}`
}
