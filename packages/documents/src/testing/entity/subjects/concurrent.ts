import { shownAs } from '../subject.ts'
import type { Done, Write } from '../write.ts'

/** A value was written, or what was there was taken away. */
export interface Put {
  /** Undefined if it was cleared. */
  readonly set: number | string | undefined
  /** The values that its author saw. */
  readonly over: readonly unknown[]
  /** It was made again, or settles a conflict: then it takes the place of these and no other. */
  readonly isAgain?: boolean
  /** The writes that had come when these were shown, if not all that its author knows of. */
  readonly shownOf?: ReadonlySet<Write>
}

/** For `again` of a subject. */
export const putAgain = <Deed extends Put>(put: Deed): Deed => ({ ...put, isAgain: true })

/** What nobody did something after who had seen it. */
export const unseenOf = <What>(deeds: readonly Done<What>[]): readonly Done<What>[] =>
  deeds.filter((one) => !deeds.some((other) => other !== one && other.saw(one)))

/** The values that nobody replaced, or took away, who had seen them. */
export function maximaOf<Deed extends Put>(deeds: readonly Done<Deed>[]): readonly Done<Deed>[] {
  const replaces = (other: Done<Deed>, one: Done<Deed>): boolean => {
    const { isAgain = false, over, shownOf } = other.what
    return other.saw(one) && (!isAgain || over.includes(one.what.set)) && (shownOf?.has(one.write) ?? true)
  }
  return deeds.filter((one) => one.what.set !== undefined && !deeds.some((other) => replaces(other, one)))
}

/** What is wrong unless the shown one is a greatest by stamp; of equal stamps any may win, as long as it is the same everywhere. */
export function notLatest(
  shown: unknown,
  maxima: readonly Done<{ readonly set: number | string | undefined }>[],
): string | undefined {
  const latest = Math.max(...maxima.map(({ write }) => write.stamp))
  return expectOneOf(
    shown,
    maxima.filter(({ write }) => write.stamp === latest).map(({ what }) => what.set),
  )
}

export function expectOneOf(shown: unknown, values: readonly unknown[]): string | undefined {
  if (values.length === 0) return shown === undefined ? undefined : `${shownAs(shown)} instead of nothing`
  if (values.includes(shown)) return undefined
  return `${shownAs(shown)} instead of ${values.map(shownAs).join(' or ')}`
}

/** What is wrong unless exactly these values compete; equal ones do not. */
export function otherThanMaxima(
  values: readonly unknown[],
  maxima: readonly Done<{ readonly set: number | string | undefined }>[],
): string | undefined {
  const expected = [...new Set(maxima.map(({ what }) => String(what.set)))].sort()
  const found = values.map(String).sort()
  return found.join() === expected.join() ? undefined : `${found.join()} compete instead of ${expected.join()}`
}

/**
 * What is wrong when taking a put back has changed a value that somebody else had put over it. What is brought again is
 * brought where nobody else has written, and else the values of the others are shown.
 */
export function otherThanKept(
  before: unknown,
  after: unknown,
  put: Put | undefined,
  how: 'undo' | 'redo',
): string | undefined {
  if (put === undefined) return expectOneOf(after, [before])
  return how === 'undo' && before !== put.set ? expectOneOf(after, [before]) : undefined
}
