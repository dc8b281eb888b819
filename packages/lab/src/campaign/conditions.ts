import type { Conditions } from '../world/conditions.ts'

/** Conditions that have a name, and in one sentence what they say of the people. */
export interface NamedConditions {
  readonly about: string
  readonly conditions: Conditions
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Three people, 60 edits each, in sittings here and there in six days. */
const sixDays = {
  devices: 3,
  durationMs: 6 * day,
  edits: 60,
  apartMs: 0,
  contention: 1,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
} as const satisfies Omit<Conditions, 'name'>

/** The same people and edits within one hour: only who writes seconds after another can be harmed by a wrong clock. */
const oneHour = { ...sixDays, durationMs: hour }

const named = (name: string, about: string, dials: Omit<Conditions, 'name'>): NamedConditions => ({
  about,
  conditions: { name, ...dials },
})

/** Those of the first four differ only in how long devices are offline, those of the last three only in their clocks. */
export const namedConditions: readonly NamedConditions[] = [
  named('online', 'Everybody is always online.', sixDays),
  named('minutes', 'Everybody is offline for ten minutes at a stretch.', { ...sixDays, apartMs: 10 * minute }),
  named('hours', 'Everybody is offline for four hours at a stretch.', { ...sixDays, apartMs: 4 * hour }),
  named('three-days', 'Everybody is offline for three days at a stretch.', { ...sixDays, apartMs: 3 * day }),
  named('same-hour', 'All of it happens within one hour, and everybody is online.', oneHour),
  named('clock-1s', 'As same-hour, with clocks that are wrong by up to a second.', { ...oneHour, skewMs: 1_000 }),
  named('clock-60s', 'As same-hour, with clocks that are wrong by up to a minute.', { ...oneHour, skewMs: minute }),
]

/** Each that is given holds in all conditions instead of their own. */
export type Dials = { readonly [Dial in keyof Omit<Conditions, 'name'>]?: Conditions[Dial] | undefined }

export function withDials(conditions: Conditions, dials: Dials): Conditions {
  const given = Object.entries(dials).filter(([, value]) => value !== undefined)
  return { ...conditions, ...Object.fromEntries(given) }
}
