import { every } from './platform/clock.ts'
import type { Terminal } from './platform/terminal.ts'

const barEveryMs = 100
const lineEveryMs = 5000
const barWidth = 24

export interface Status {
  /** From 0 to 1. */
  readonly share: number
  readonly text: string
}

/** What is told on stderr while something takes long. */
export interface StatusLine {
  /** A line of its own, which stays. */
  say(text: string): void
  end(): void
}

/** A bar on a terminal, a plain line every few seconds elsewhere; nothing while there is no status. */
export function createStatusLine(terminal: Terminal, status: () => Status | undefined): StatusLine {
  const { colors, live } = terminal
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
    const now = status()
    if (now === undefined) return
    if (!live) return say(now.text)
    clear()
    terminal.err(`${colors.cyan(barOf(now.share))} ${now.text}`.slice(0, terminal.columns + 10))
    drawn = true
  }
  const stop = every(live ? barEveryMs : lineEveryMs, draw)

  return {
    say,
    end: () => {
      stop()
      clear()
    },
  }
}

function barOf(share: number): string {
  const full = Math.round(barWidth * Math.min(1, share))
  return '█'.repeat(full) + '░'.repeat(barWidth - full)
}
