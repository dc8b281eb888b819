import { longestRising } from '../judge/distance.ts'
import { Occurrences } from '../judge/occurrences.ts'
import type { Done } from './player.ts'
import type { Session } from './session.ts'

/** What became of the characters of a session. Versions that are shown as a conflict count as they do in a run. */
export interface Losses {
  /** Characters that were typed, and that nobody erased who had them. */
  readonly effects: number
  /** Those of them that are in no version at the end. */
  readonly lostEffects: number
  /** Of the text at the end of the trace. */
  readonly traceLength: number
  /** Of the text at the end of the trace, the share that is in no version. */
  readonly lostShare: number
  /** Characters that are there, in every version, although somebody erased them. */
  readonly ghosts: number
  /** Characters that are there more than once, for each time too many, in the version that has the fewest. */
  readonly doubled: number
  /** Of what is shown, in characters. */
  readonly finalLength: number
  /** Characters to erase and to type that make what is shown the text at the end of the trace, as a share of that. */
  readonly distance: number
}

export function measure(
  { typed, end }: Session,
  { erased }: Done,
  versions: readonly Int32Array[],
  shown: Int32Array,
): Losses {
  const there = new Occurrences(versions)
  let [effects, lostEffects, ghosts] = [0, 0, 0]
  for (let character = 0; character < typed; character++) {
    if (erased[character] === 0) effects++
    if (erased[character] === 0 && !there.isAnywhere(character)) lostEffects++
    if (erased[character] === 1 && there.isEverywhere(character)) ghosts++
  }
  const missing = end.reduce((sum, character) => sum + (there.isAnywhere(character) ? 0 : 1), 0)
  return {
    effects,
    lostEffects,
    traceLength: end.length,
    lostShare: missing / Math.max(1, end.length),
    ghosts,
    doubled: there.doubled,
    finalLength: shown.length,
    distance: (shown.length + end.length - 2 * inCommon(shown, end, typed)) / Math.max(1, end.length),
  }
}

/** The longest sequence of characters that two texts have in common. */
function inCommon(text: Int32Array, other: Int32Array, typed: number): number {
  const places = new Int32Array(typed).fill(-1)
  for (const [place, character] of other.entries()) places[character] = place
  return longestRising(text.map((character) => places[character] ?? -1).filter((place) => place >= 0))
}
