import { RejoinError } from '@rejoin/base'

export interface Fuse {
  /** Broken code was found. Only the first time counts. */
  readonly blow: (cause: unknown) => void
  /** What to do then; at once if it was before. */
  readonly whenBlown: (act: (cause: unknown) => void) => void
  /** Throws if it was. */
  readonly check: () => void
}

export const brokenError = (cause: unknown): RejoinError =>
  new RejoinError('closed', `This replica found a mistake in its own code and was closed: ${String(cause)}`, { cause })

/** Ends everything once, when it turns out that the code itself is wrong: what is on disk is better than a guess. */
export function createFuse(told: (cause: unknown) => void): Fuse {
  let blown: { readonly cause: unknown } | undefined
  let act: (cause: unknown) => void = () => undefined
  return {
    blow: (cause) => {
      if (blown !== undefined) return
      blown = { cause }
      told(cause)
      act(cause)
    },
    whenBlown: (then) => {
      act = then
      if (blown !== undefined) then(blown.cause)
    },
    check: () => {
      if (blown !== undefined) throw brokenError(blown.cause)
    },
  }
}
