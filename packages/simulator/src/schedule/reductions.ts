import type { Act, Conditions, Schedule } from './types.ts'

/** Smaller schedules than the given one, the smallest first. */
export type Reduction = (schedule: Schedule) => readonly Schedule[]

/** Every way to make a schedule smaller but for leaving out single acts and strikes. */
export const reductions = (calm: Conditions): readonly Reduction[] => [
  withoutOdds,
  fewerReplicas,
  withoutOneKind,
  shorterChaos,
  (schedule) => calmer(schedule, calm),
]

/** Odds do nothing to a schedule whose strikes are listed. */
function withoutOdds(schedule: Schedule): readonly Schedule[] {
  const isDone = schedule.strikes === 'by-odds' || Object.keys(schedule.odds).length === 0
  return isDone ? [] : [{ ...schedule, odds: {} }]
}

/** The last replica goes, with everything that it does and suffers: the names of the others stay. */
function fewerReplicas(schedule: Schedule): readonly Schedule[] {
  const { conditions, acts, strikes } = schedule
  const { replicas } = conditions
  if (replicas <= 1) return []
  const last = `r${replicas - 1}`
  return [
    {
      ...schedule,
      conditions: { ...conditions, replicas: replicas - 1 },
      acts: acts.filter(({ who }) => who !== last),
      strikes: strikes === 'by-odds' ? strikes : strikes.filter(({ moment }) => machineOf(moment) !== last),
    },
  ]
}

/** Nothing of one kind happens, or nothing at one machine: what belongs together goes together, in few runs. */
function withoutOneKind(schedule: Schedule): readonly Schedule[] {
  const { acts, strikes } = schedule
  const without = (isKept: (act: Act) => boolean): Schedule => ({ ...schedule, acts: acts.filter(isKept) })
  return [
    ...namesOf(acts, ({ what }) => what).map((name) => without(({ what }) => what !== name)),
    ...namesOf(acts, ({ who }) => who).map((name) => without(({ who }) => who !== name)),
    ...(strikes === 'by-odds' ? [] : namesOf(strikes, ({ fault }) => fault)).map((name) => ({
      ...schedule,
      strikes: strikes === 'by-odds' ? strikes : strikes.filter(({ fault }) => fault !== name),
    })),
  ]
}

/** Each name once, the most frequent first. */
function namesOf<T>(items: readonly T[], nameOf: (item: T) => string): readonly string[] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name)
}

/** The machine that counts the moment: `r0` of `r0.2 up 14`. */
const machineOf = (moment: string): string => moment.split(/[ .]/, 1)[0] ?? ''

/** Chaos ends earlier, and what would have happened after it does not happen. */
function shorterChaos(schedule: Schedule): readonly Schedule[] {
  const { conditions, acts } = schedule
  const { chaosMs } = conditions
  const lastMs = acts.reduce((last, { atMs }) => Math.max(last, atMs), 0)
  const ends = [chaosMs / 4, chaosMs / 2, (chaosMs * 3) / 4, (chaosMs * 7) / 8, lastMs + 1].map(Math.ceil)
  return ends
    .filter((endMs) => endMs < chaosMs)
    .map((endMs) => ({
      ...schedule,
      conditions: { ...conditions, chaosMs: endMs },
      acts: acts.filter(({ atMs }) => atMs < endMs),
    }))
}

/** Conditions at their calm values: all of them, or one. */
function calmer(schedule: Schedule, calm: Conditions): readonly Schedule[] {
  const { conditions } = schedule
  const now = new Map(Object.entries(conditions))
  const odd = Object.entries(calm).filter(
    ([name, value]) => name !== 'replicas' && name !== 'chaosMs' && now.get(name) !== value,
  )
  const withCalm = (values: typeof odd): Schedule => ({
    ...schedule,
    conditions: { ...conditions, ...Object.fromEntries(values) },
  })
  return odd.length > 1 ? [withCalm(odd), ...odd.map((one) => withCalm([one]))] : odd.map((one) => withCalm([one]))
}
