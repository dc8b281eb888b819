import type { Read } from '../checks/pages.ts'
import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import { fillerOf } from '../world/later-fields.ts'
import type { Made, Oracle } from './oracle.ts'

/** The server has it, once, and as it was made at first. */
const isSure = (made: Made): boolean => made.accepted && !made.loose && !isRepeated(made) && made.lost === undefined

/** It may have been made again later, over what was there by then: by a person, or by two copies of a store. */
const isRepeated = ({ anew, copied }: Made): boolean => anew || copied

/** The server may have it. */
const isPossible = (made: Made): boolean => made.accepted || made.loose || made.copied || made.lost !== undefined

/** Everything wrong in the end with the later fields of an entity, once it is known which edits were accepted. */
export function judgeLater(oracle: Oracle, place: Place, read: Read): readonly string[] {
  const made = oracle.at(place)
  return [
    ...wrongOrder(made, read),
    ...wrongBest(made, read),
    ...wrongState(made, read),
    ...wrongRatings(made, read),
    ...wrongLife(made, read),
  ].map((sentence) => `${sentence} in ${nameOf(place)}`)
}

/** Fillers may be deleted, and a move made meanwhile brings none back. */
function wrongOrder(made: readonly Made[], { page }: Read): readonly string[] {
  const dropped = (is: (made: Made) => boolean): readonly unknown[] => made.filter(is).map((each) => each.dropped)
  const [gone, perhapsGone] = [dropped(isSure), dropped(isPossible)]
  return made.flatMap((each) => {
    if (each.placed !== 'filled' || each.copied) return []
    const filler = fillerOf(each.mark)
    const shown = page.order?.filter((item) => item === filler).length ?? 0
    if (shown > 1) return [`[I4] ${filler} is ${shown} times`]
    if (shown > 0 && gone.includes(filler)) return [`[I7] ${filler} was deleted and is shown`]
    if (shown === 0 && isSure(each) && !perhapsGone.includes(filler)) return [`[I1] ${filler} is not shown`]
    return []
  })
}

function wrongBest(made: readonly Made[], { page }: Read): readonly string[] {
  const valuesOf = (is: (made: Made) => boolean): readonly number[] => made.filter(is).flatMap(({ best }) => best ?? [])
  const least = Math.max(0, ...valuesOf(isSure))
  const best = page.best ?? 0
  if (Number(best) < least) return [`[I1] the greatest value is ${String(best)}, though ${least} was stored`]
  return best === 0 || valuesOf(isPossible).includes(Number(best)) ? [] : [`[I8] nobody wrote ${String(best)} as best`]
}

/** What is shown or disputed is what nobody who saw it replaced; and nothing else is gone. */
function wrongState(made: readonly Made[], { page, disputes }: Read): readonly string[] {
  const written = (is: (made: Made) => boolean) => made.filter(is).flatMap(({ state }) => state ?? [])
  const [sure, possible] = [written(isSure), written(isPossible)]
  const standing = [...(page.state === undefined ? [] : [page.state]), ...disputes.flatMap(({ values }) => values)]
  const wrong: string[] = []
  for (const value of new Set(standing)) {
    const writes = made.filter((each) => each.state?.value === value && isPossible(each))
    if (writes.length === 0) wrong.push(`[I8] nobody wrote ${String(value)} as state`)
    // What was written again, by settling too, is replaced only where all of its writes are.
    const isOnce = writes.length === 1 && !writes.some(isRepeated)
    if (isOnce && sure.some((write) => write.value !== value && write.over.includes(value)))
      wrong.push(`[I7] ${String(value)} was replaced and stands`)
  }
  for (const { value } of sure)
    if (!standing.includes(value) && !possible.some(({ over }) => over.includes(value)))
      wrong.push(`[I1] the state ${String(value)} was not replaced and is gone`)
  return wrong
}

/** Each user's own: the last that was stored of one device, or any of those of several. */
function wrongRatings(made: readonly Made[], { page }: Read): readonly string[] {
  const ratings = page.rating ?? {}
  const users = new Set([...Object.keys(ratings), ...made.flatMap(({ rated }) => rated ?? [])])
  return [...users].flatMap((user) => {
    const own = made.filter(({ rated }) => rated === user)
    const isOnly = new Set(own.map(({ replica }) => replica)).size === 1
    const last = isOnly ? own.findLastIndex(isSure) : -1
    const allowed: unknown[] = own
      .filter((each, i) => isPossible(each) && (i >= last || isRepeated(each)))
      .map(({ mark }) => mark)
    if (!own.some(isSure)) allowed.push(undefined)
    const shown = ratings[user]
    return allowed.includes(shown)
      ? []
      : [`[I1] the rating of ${user} is ${String(shown)}, not ${allowed.join(' or ')}`]
  })
}

/** A deletion wins over everything but what undid it. */
function wrongLife(made: readonly Made[], { isDeleted }: Read): readonly string[] {
  const turns = made.filter((each) => each.life !== undefined && isPossible(each))
  const last = turns.at(-1)
  if (isDeleted && !turns.some(({ life }) => life === 'deleted')) return ['[I8] nobody deleted what is deleted']
  const mustBe = last?.life === 'deleted' && isSure(last) && !turns.some(isRepeated)
  return mustBe && !isDeleted ? [`[I1] the deletion by ${last.replica} does not hold`] : []
}
