import type { Conditions } from '../world/conditions.ts'

/** Conditions that have a name, and in one sentence what they say of the people. */
export interface NamedConditions {
  readonly about: string
  /** The dials of which that is not true any more if they are turned. */
  readonly speaksOf: readonly (keyof Dials)[]
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

/** Four hours, which is what most apart from the row of offline times is seen against. */
const fourHours = { ...sixDays, apartMs: 4 * hour }

const named = (
  name: string,
  about: string,
  dials: Omit<Conditions, 'name'>,
  speaksOf?: keyof Dials,
): NamedConditions => ({
  about,
  speaksOf: ['durationMs', 'apartMs', 'skewMs', ...(speaksOf === undefined ? [] : [speaksOf])],
  conditions: { name, ...dials },
})

/**
 * Those of the first four differ only in how long devices are offline, the next two from `hours` only in how many devices
 * there are and in how often they choose the same things, those of the last three only in their clocks.
 */
export const namedConditions: readonly NamedConditions[] = [
  named('online', 'Everybody is always online.', sixDays),
  named('minutes', 'Everybody is offline for ten minutes at a stretch.', { ...sixDays, apartMs: 10 * minute }),
  named('hours', 'Everybody is offline for four hours at a stretch.', fourHours),
  named('three-days', 'Everybody is offline for three days at a stretch.', { ...sixDays, apartMs: 3 * day }),
  named('crowded', 'As hours, with six people instead of three.', { ...fourHours, devices: 6 }, 'devices'),
  named(
    'even',
    'As hours, and nothing is chosen more often than another.',
    { ...fourHours, contention: 0 },
    'contention',
  ),
  named('same-hour', 'All of it happens within one hour, and everybody is online.', oneHour),
  named('clock-1s', 'As same-hour, with clocks that are wrong by up to a second.', { ...oneHour, skewMs: 1_000 }),
  named('clock-60s', 'As same-hour, with clocks that are wrong by up to a minute.', { ...oneHour, skewMs: minute }),
]

/** Each that is given holds in all conditions instead of their own. */
export type Dials = { readonly [Dial in keyof Omit<Conditions, 'name'>]?: Conditions[Dial] | undefined }

/** Equal for conditions that differ in nothing but their names. */
export const dialsOf = (conditions: Conditions): string =>
  JSON.stringify(Object.entries({ ...conditions, name: '' }).toSorted(([a], [b]) => (a < b ? -1 : 1)))

export function withDials(conditions: Conditions, dials: Dials): Conditions {
  const given = Object.entries(dials).filter(([, value]) => value !== undefined)
  return { ...conditions, ...Object.fromEntries(given) }
}
