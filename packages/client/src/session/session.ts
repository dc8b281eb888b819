import { unreachable } from '@rejoin/base'
import type { ErrorKind } from '@rejoin/base'

/**
 * The life of the connection as a machine: when to connect, greet, ping, give up and try again. It holds
 * no frames and no sockets; the shell (`connection.ts`) carries out its effects.
 */
export type SessionState =
  /** Kept offline by choice, or there is no server. */
  | { readonly kind: 'off' }
  /** Between two attempts. */
  | { readonly kind: 'resting'; readonly until: number }
  /** Asked for; no answer of the network yet. */
  | { readonly kind: 'connecting'; readonly until: number }
  /** `hello` is sent; `welcome` has not come. */
  | { readonly kind: 'greeting'; readonly until: number }
  | { readonly kind: 'live'; readonly since: number; heardAt: number; saidAt: number }

export type SessionEvent =
  | { readonly kind: 'go-online' }
  | { readonly kind: 'go-offline' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'welcomed' }
  /** Any frame came. */
  | { readonly kind: 'heard' }
  /** Any frame went. */
  | { readonly kind: 'said' }
  /** The connection ended, or was refused, by the other side or by the network. */
  | { readonly kind: 'ended'; readonly error: ErrorKind; readonly afterMs: number }
  | { readonly kind: 'due' }

export type SessionEffect =
  | { readonly kind: 'connect' }
  | { readonly kind: 'greet' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'hang-up' }
  /** The session is usable from now on. */
  | { readonly kind: 'up' }
  /** It no longer is. */
  | { readonly kind: 'down'; readonly error: ErrorKind }
  /** Send the event `due` at this time, instead of any earlier wish; undefined: no wish. */
  | { readonly kind: 'wake'; readonly at: number | undefined }

export interface SessionOptions {
  readonly connectMs: number
  readonly helloMs: number
  readonly pingMs: number
  readonly silenceMs: number
  readonly backoffBaseMs: number
  readonly backoffCapMs: number
  /** A session must have been live for so long before the backoff starts anew. */
  readonly usefulMs: number
}

export const sessionDefaults: SessionOptions = {
  connectMs: 10_000,
  helloMs: 10_000,
  pingMs: 25_000,
  silenceMs: 60_000,
  backoffBaseMs: 250,
  backoffCapMs: 30_000,
  usefulMs: 5_000,
}

/** Time and chance of the moment at which an event came. `random` is in [0, 1). */
export interface Moment {
  readonly now: number
  readonly random: number
}

export interface Session {
  readonly state: SessionState
  step(event: SessionEvent, moment: Moment): readonly SessionEffect[]
}

export function createSession(options: SessionOptions = sessionDefaults): Session {
  let state: SessionState = { kind: 'off' }
  let failures = 0

  const enter = (next: SessionState, ...effects: readonly SessionEffect[]): readonly SessionEffect[] => {
    state = next
    return [...effects, { kind: 'wake', at: wakeAt(next, options) }]
  }
  const connect = (now: number): readonly SessionEffect[] =>
    enter({ kind: 'connecting', until: now + options.connectMs }, { kind: 'connect' })

  /** After an end: rest, with full jitter, longer with each failure in a row, never less than the server asks. */
  const rest = (
    error: ErrorKind,
    afterMs: number,
    moment: Moment,
    ...first: readonly SessionEffect[]
  ): readonly SessionEffect[] => {
    if (state.kind === 'live' && moment.now - state.since >= options.usefulMs) failures = 0
    const ceiling = Math.min(options.backoffCapMs, options.backoffBaseMs * 2 ** failures)
    failures += 1
    const until = moment.now + Math.max(afterMs, Math.ceil(moment.random * ceiling))
    return enter({ kind: 'resting', until }, ...first, { kind: 'down', error })
  }

  const onDue = (moment: Moment): readonly SessionEffect[] => {
    const { now } = moment
    switch (state.kind) {
      case 'off':
        return []
      case 'resting':
        return now >= state.until ? connect(now) : enter(state)
      case 'connecting':
      case 'greeting':
        return now >= state.until ? rest('timeout', 0, moment, { kind: 'hang-up' }) : enter(state)
      case 'live':
        // The same sums as in `wakeAt`, so that rounding cannot make it due and not due at once.
        if (now >= state.heardAt + options.silenceMs) return rest('timeout', 0, moment, { kind: 'hang-up' })
        if (now < state.saidAt + options.pingMs) return enter(state)
        return enter({ ...state, saidAt: now }, { kind: 'ping' })
      default:
        return unreachable(state)
    }
  }

  return {
    get state() {
      return state
    },
    step(event, moment) {
      switch (event.kind) {
        case 'go-online':
          if (state.kind !== 'off') return []
          failures = 0
          return connect(moment.now)
        case 'go-offline':
          if (state.kind === 'off') return []
          return enter({ kind: 'off' }, { kind: 'hang-up' }, { kind: 'down', error: 'unavailable' })
        case 'opened':
          if (state.kind !== 'connecting') return []
          return enter({ kind: 'greeting', until: moment.now + options.helloMs }, { kind: 'greet' })
        case 'welcomed':
          if (state.kind !== 'greeting') return []
          return enter({ kind: 'live', since: moment.now, heardAt: moment.now, saidAt: moment.now }, { kind: 'up' })
        case 'heard':
          if (state.kind === 'live') state.heardAt = moment.now
          return []
        case 'said':
          if (state.kind === 'live') state.saidAt = moment.now
          return []
        case 'ended':
          if (state.kind === 'off' || state.kind === 'resting') return []
          return rest(event.error, event.afterMs, moment)
        case 'due':
          return onDue(moment)
        default:
          return unreachable(event)
      }
    },
  }
}

function wakeAt(state: SessionState, options: SessionOptions): number | undefined {
  switch (state.kind) {
    case 'off':
      return undefined
    case 'resting':
    case 'connecting':
    case 'greeting':
      return state.until
    case 'live':
      return Math.min(state.heardAt + options.silenceMs, state.saidAt + options.pingMs)
    default:
      return unreachable(state)
  }
}
