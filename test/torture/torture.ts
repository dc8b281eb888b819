import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addFigures, figuresOf, noFigures } from './figures.ts'
import type { Figures } from './figures.ts'
import { judge } from './judge.ts'
import type { TortureOptions } from './options.ts'
import { playRound } from './round.ts'

export interface Tortured {
  readonly figures: Figures
  /** A sentence for each broken promise. */
  readonly failures: readonly string[]
  /** Where the files of the round that broke a promise are. */
  readonly kept: string | undefined
}

/** A round has so many kills at most: then it starts anew with empty files, since the old ones have grown. */
const killsPerRound = 100

/** Rounds of kills until there were enough, or a promise is broken. */
export async function torture(options: TortureOptions, show: (figures: Figures) => void): Promise<Tortured> {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-torture-'))
  let keep = false
  const tidy = (): void => (keep ? undefined : rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  process.once('exit', tidy)
  try {
    const startMs = performance.now()
    let sum = noFigures
    for (let round = 1; sum.kills < options.kills; round++) {
      const before = sum
      const files = join(folder, `round-${round}`)
      const secondsSoFar = (): number => (performance.now() - startMs) / 1000
      const played = await playRound({
        folder: files,
        cache: join(folder, 'cache'),
        seed: `${options.seed}/${round}`,
        kills: Math.min(killsPerRound, options.kills - before.kills),
        replicas: options.replicas,
        show: (kills) => show({ ...before, kills: before.kills + kills, seconds: secondsSoFar() }),
      })
      const failures = judge(played.outcome)
      sum = { ...addFigures(before, figuresOf(played)), seconds: secondsSoFar() }
      keep = failures.length > 0
      if (keep) return { figures: sum, failures, kept: files }
      rmSync(files, { recursive: true, force: true, maxRetries: 5 })
    }
    return { figures: sum, failures: [], kept: undefined }
  } finally {
    process.removeListener('exit', tidy)
    tidy()
  }
}
