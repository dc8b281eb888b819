/** What the oracle says of the end of a run, seeing all that was done and who had seen what. */
export interface Judgement {
  /** Things that were done and whose effect somebody could miss. */
  readonly effects: number
  /** Of these, those whose effect is missing although nobody removed it, nor wrote anything else there at the same time. */
  readonly lost: number
  /** What was deleted, and is there although nobody brought it back. */
  readonly ghosts: number
  /** What is there twice, once too many each. */
  readonly doubled: number
  /** Those of which another one, made at the same time, stands instead: a single value has room for one. */
  readonly overruled: number
  /** Broken invariants of the workload, by name. */
  readonly invariants: Readonly<Record<string, number>>
  /** How far texts and orders are from what would stand had all been done on one device; null if there are none. */
  readonly distance: number | null
  /** How much is mixed up of what several typed at one place at the same time, 0 to 1; null if nobody did. */
  readonly interleaving: number | null
}
