import { describe, expect, test } from 'vitest'
import { createSession, sessionDefaults } from './session.ts'
import type { Session, SessionEffect, SessionEvent, SessionState } from './session.ts'

type State = SessionState['kind']
type Event = SessionEvent['kind']
interface Expected {
  readonly state: State
  readonly effects: readonly SessionEffect['kind'][]
}

const now = 1_000
const nothing = (state: State): Expected => ({ state, effects: [] })
const stays = (state: State): Expected => ({ state, effects: ['wake'] })
const rests: Expected = { state: 'resting', effects: ['down', 'wake'] }
const gaveUp: Expected = { state: 'resting', effects: ['hang-up', 'down', 'wake'] }
const off: Expected = { state: 'off', effects: ['hang-up', 'down', 'wake'] }

/** `due` comes too early here; that it comes in time is below. */
const table: Record<State, Record<Event, Expected>> = {
  off: {
    'go-online': { state: 'connecting', effects: ['connect', 'wake'] },
    'go-offline': nothing('off'),
    'opened': nothing('off'),
    'welcomed': nothing('off'),
    'heard': nothing('off'),
    'said': nothing('off'),
    'ended': nothing('off'),
    'due': nothing('off'),
  },
  resting: {
    'go-online': nothing('resting'),
    'go-offline': off,
    'opened': nothing('resting'),
    'welcomed': nothing('resting'),
    'heard': nothing('resting'),
    'said': nothing('resting'),
    'ended': nothing('resting'),
    'due': stays('resting'),
  },
  connecting: {
    'go-online': nothing('connecting'),
    'go-offline': off,
    'opened': { state: 'greeting', effects: ['greet', 'wake'] },
    'welcomed': nothing('connecting'),
    'heard': nothing('connecting'),
    'said': nothing('connecting'),
    'ended': rests,
    'due': stays('connecting'),
  },
  greeting: {
    'go-online': nothing('greeting'),
    'go-offline': off,
    'opened': nothing('greeting'),
    'welcomed': { state: 'live', effects: ['up', 'wake'] },
    'heard': nothing('greeting'),
    'said': nothing('greeting'),
    'ended': rests,
    'due': stays('greeting'),
  },
  live: {
    'go-online': nothing('live'),
    'go-offline': off,
    'opened': nothing('live'),
    'welcomed': nothing('live'),
    'heard': nothing('live'),
    'said': nothing('live'),
    'ended': rests,
    'due': stays('live'),
  },
}

const eventOf = (kind: Event): SessionEvent =>
  kind === 'ended' ? { kind, error: 'unavailable', afterMs: 0 } : { kind }

const way: Record<State, readonly Event[]> = {
  off: [],
  resting: ['go-online', 'ended'],
  connecting: ['go-online'],
  greeting: ['go-online', 'opened'],
  live: ['go-online', 'opened', 'welcomed'],
}

function sessionIn(state: State): Session {
  const session = createSession()
  for (const kind of way[state]) session.step(eventOf(kind), { now, random: 0.5 })
  expect(session.state.kind).toBe(state)
  return session
}

const wakeOf = (effects: readonly SessionEffect[]): number | undefined =>
  effects.flatMap((effect) => (effect.kind === 'wake' ? [effect.at] : []))[0]

describe('the session', () => {
  test('[CL70] every event has its answer in every state', () => {
    for (const [state, events] of Object.entries(table) as [State, Record<Event, Expected>][])
      for (const [kind, expected] of Object.entries(events) as [Event, Expected][]) {
        const session = sessionIn(state)
        const effects = session.step(eventOf(kind), { now, random: 0.5 }).map((effect) => effect.kind)
        expect({ state: session.state.kind, effects }, `${kind} while ${state}`).toEqual(expected)
      }
  })

  test('[CL71] a state that waits for the other side is given up in time, and a live one is asked before', () => {
    const { connectMs, helloMs, pingMs, silenceMs } = sessionDefaults
    for (const [state, ms] of [
      ['connecting', connectMs],
      ['greeting', helloMs],
    ] as const) {
      const session = sessionIn(state)
      const effects = session.step({ kind: 'due' }, { now: now + ms, random: 0.5 }).map(({ kind }) => kind)
      expect({ state: session.state.kind, effects }).toEqual(gaveUp)
    }
    const live = sessionIn('live')
    expect(live.step({ kind: 'due' }, { now: now + pingMs, random: 0.5 })).toEqual([
      { kind: 'ping' },
      { kind: 'wake', at: now + 2 * pingMs },
    ])
    const effects = live.step({ kind: 'due' }, { now: now + silenceMs, random: 0.5 }).map(({ kind }) => kind)
    expect({ state: live.state.kind, effects }).toEqual(gaveUp)
  })

  test('[CL72] the rest grows with each failure in a row up to a limit, is never shorter than the server asks, and starts anew after a useful session', () => {
    const { backoffBaseMs, backoffCapMs, usefulMs } = sessionDefaults
    const session = createSession()
    let time = 0
    session.step({ kind: 'go-online' }, { now: time, random: 0 })
    const restAfter = (afterMs: number): number => {
      const at = wakeOf(session.step({ kind: 'ended', error: 'unavailable', afterMs }, { now: time, random: 1 })) ?? 0
      const rested = at - time
      time = at
      session.step({ kind: 'due' }, { now: time, random: 1 })
      return rested
    }
    const rests = Array.from({ length: 10 }, () => restAfter(0))
    expect(rests.slice(0, 3)).toEqual([backoffBaseMs, 2 * backoffBaseMs, 4 * backoffBaseMs])
    expect(rests.at(-1)).toBe(backoffCapMs)
    expect(restAfter(2 * backoffCapMs)).toBe(2 * backoffCapMs)
    const liveFor = (ms: number): void => {
      session.step({ kind: 'opened' }, { now: time, random: 1 })
      session.step({ kind: 'welcomed' }, { now: time, random: 1 })
      time += ms
    }
    // A server that welcomes and then closes at once is in trouble still.
    liveFor(usefulMs - 1)
    expect(restAfter(0)).toBe(backoffCapMs)
    liveFor(usefulMs)
    expect(restAfter(0)).toBe(backoffBaseMs)
  })
})
