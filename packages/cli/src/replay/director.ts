import type { Plan } from './plan.ts'
import type { ProgressReport } from './roles.ts'
import { unackedAtKillMin } from './unacked.ts'

export type Strike = 'author' | 'server'

/** Decides when the planned kills happen. */
export interface Director {
  /** What to kill now, by the author's latest report; the strike counts as done. */
  next(progress: ProgressReport): Strike | undefined
  /** What is still due when the author has typed everything. It waits for nothing; the verdict judges what it found. */
  overdue(): Strike | undefined
}

export function createDirector(plan: Plan): Director {
  const due: Record<Strike, number[]> = { author: [...plan.kills], server: [...plan.serverKills] }
  const ripe = (strike: Strike, position: number): boolean => (due[strike][0] ?? Infinity) <= position
  const take = (strike: Strike): Strike => {
    due[strike].shift()
    return strike
  }
  return {
    next: (progress) => {
      if (progress.pending < unackedAtKillMin) return undefined
      if (ripe('author', progress.position)) return take('author')
      if (progress.online && ripe('server', progress.position)) return take('server')
      return undefined
    },
    overdue: () => {
      if (due.server.length > 0) return take('server')
      if (due.author.length > 0) return take('author')
      return undefined
    },
  }
}
