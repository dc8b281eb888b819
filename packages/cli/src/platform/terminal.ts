import pc from 'picocolors'

/** Where the command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Rewrites the last line of `err`; only on a terminal. */
  readonly live: boolean
  readonly columns: number
  readonly colors: ReturnType<typeof pc.createColors>
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    colors: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  }
}

/** A reader that closed the pipe has seen enough. */
export function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EPIPE') process.exit(0)
      throw cause
    })
  }
}
