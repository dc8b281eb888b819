/** Resolves at the first SIGTERM, SIGINT or SIGHUP; the one after it ends the process at once. */
export function stopSignal(): Promise<'SIGINT' | 'SIGTERM' | 'SIGHUP'> {
  return new Promise((resolve) => {
    let stopping = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(130)
        stopping = true
        resolve(signal)
      })
    }
  })
}

/** A second signal soon after the first is the same one: a terminal and npm both send it. */
const sameSignalMs = 1_000

/** Tells of SIGINT or SIGTERM, once, until the returned function is called; a later one ends the process at once. */
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
