import type { Timers } from '@rejoin/base'

/** Calls a function of the app. */
export type CallApp = (call: () => void) => void

/**
 * What an app's function throws is the app's own affair: it surfaces, but from a timer of its own, so that
 * nothing of ours is left half done.
 */
export const guarded =
  (timers: Timers): CallApp =>
  (call) => {
    try {
      call()
    } catch (cause) {
      timers.after(0, () => {
        throw cause
      })
    }
  }
