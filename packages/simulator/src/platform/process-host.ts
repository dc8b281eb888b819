import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Host } from '../campaign/host.ts'

/** A second signal soon after the first is the same one: a terminal and npm both send it. */
const sameSignalMs = 1_000

export function processHost(): Host {
  endOnClosedPipe()
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isLive: process.stderr.isTTY,
    columns: process.stderr.columns ?? 80,
    cores: availableParallelism(),
    nowMs: () => performance.now(),
    every: (ms, fire) => {
      const timer = setInterval(fire, ms)
      return () => clearInterval(timer)
    },
    onInterrupt,
    read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    write,
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  }
}

/** A reader that closed the pipe has seen enough. */
function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EPIPE') process.exit(0)
      throw cause
    })
  }
}

/** Tells of SIGINT or SIGTERM, once, until the returned function is called; one that comes later ends the process at once. */
export function onInterrupt(fire: () => void): () => void {
  let firstMs: number | undefined
  const hear = (): void => {
    if (firstMs !== undefined && performance.now() - firstMs > sameSignalMs) process.exit(130)
    if (firstMs !== undefined) return
    firstMs = performance.now()
    fire()
  }
  process.on('SIGINT', hear).on('SIGTERM', hear)
  return () => {
    // Who was told once is ending, and must not be ended by the same signal's echo.
    if (firstMs === undefined) process.off('SIGINT', hear).off('SIGTERM', hear)
  }
}

function write(path: string, text: string): void {
  // Another process may be writing the same file.
  const fresh = `${path}.${process.pid}.new`
  const file = openSync(fresh, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
}
