import type { Dials } from './conditions.ts'

/** Dice have 32 bits of a seed: behind the last one they all come again. */
export const seedMost: number = 2 ** 32 - 1

/** More runs of each cell tell nothing more, and all of them are kept until the end. */
export const seedsMost = 100_000

/** Threads of which each has engines of its own. */
export const jobsMost = 256

/** Beyond these one run takes hours, or more memory than there is. */
const dialsMost = { devices: 1_000, edits: 100_000 } as const

/** The first word that asks for more than there can be, in a sentence. */
export function beyondBounds(from: number, seeds: number, dials: Dials): string | undefined {
  for (const dial of ['devices', 'edits'] as const)
    if ((dials[dial] ?? 0) > dialsMost[dial]) return `--${dial} must be at most ${dialsMost[dial]}.`
  if (seeds > seedsMost) return `--seeds must be at most ${seedsMost}.`
  return lastSeed(from, seeds)
}

/** Why so many seeds from there are too many, in a sentence, if they are. */
export const lastSeed = (from: number, seeds: number): string | undefined =>
  from + seeds - 1 > seedMost ? `--from must leave all seeds at most ${seedMost}, as dice repeat behind it.` : undefined
