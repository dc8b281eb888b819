/**
 * Resident memory of this process, workers included. Where Node was started with `--expose-gc`, garbage and the
 * room kept for more of it are given back first: what is left is what is held, not how fast it was working.
 */
export function residentBytes(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  return process.memoryUsage().rss
}
