import { shownAs } from '../subject.ts'
import type { Done } from '../write.ts'

/** A value was written, or what was there was taken away. */
export type Put = { readonly set: number | string } | 'clear'
export type DoneSet = Done<{ readonly set: number | string }>

const isSet = (done: Done<Put>): done is DoneSet => done.what !== 'clear'

/** What nobody did something after who had seen it. */
export const unseenOf = <What>(deeds: readonly Done<What>[]): readonly Done<What>[] =>
  deeds.filter((one) => !deeds.some((other) => other !== one && other.saw(one)))

/** The values that nobody replaced, or took away, who had seen them. */
export const maximaOf = (deeds: readonly Done<Put>[]): readonly DoneSet[] => unseenOf(deeds).filter(isSet)

/** What is wrong unless the shown one is a greatest by stamp; of equal stamps any may win, as long as it is the same everywhere. */
export function notLatest(shown: unknown, maxima: readonly DoneSet[]): string | undefined {
  const latest = Math.max(...maxima.map(({ write }) => write.stamp))
  const winners = maxima.filter(({ write }) => write.stamp === latest).map(({ what }) => what.set)
  return expectOneOf(shown, winners)
}

export function expectOneOf(shown: unknown, values: readonly unknown[]): string | undefined {
  if (values.length === 0) return shown === undefined ? undefined : `${shownAs(shown)} instead of nothing`
  if (values.includes(shown)) return undefined
  return `${shownAs(shown)} instead of ${values.map(shownAs).join(' or ')}`
}

/** What is wrong unless exactly these values compete. */
export function otherThanMaxima(values: readonly unknown[], maxima: readonly DoneSet[]): string | undefined {
  const expected = maxima.map(({ what }) => String(what.set)).sort()
  const found = values.map(String).sort()
  return found.join() === expected.join() ? undefined : `${found.join()} compete instead of ${expected.join()}`
}
