/** How much a campaign spends on what. */
export interface Limits {
  /** Real time after which a seed is said to hang. */
  readonly taskMsMax: number
  /** For the shrinking of one failing seed. */
  readonly shrinkRunsMax: number
  readonly shrinkMsMax: number
  /** So many failing seeds are shrunk and written; the others are only named, because they are often the same bug. */
  readonly filesMax: number
  readonly saveEveryMs: number
}

export const usualLimits: Limits = {
  taskMsMax: 120_000,
  shrinkRunsMax: 150,
  shrinkMsMax: 60_000,
  filesMax: 5,
  saveEveryMs: 3_000,
}
