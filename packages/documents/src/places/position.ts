import { invariant } from '@rejoin/base'
import { pathBetween, pathPattern } from './path.ts'

/**
 * A position that is longer is none. Whoever inserts into the last gap again and again, now behind what it made last
 * and now before it, gets there after some hundred times; then `room.ts` makes room.
 */
export const positionLengthMax = 256

/**
 * Where an item is among others, as a text that sorts by code unit: `slot.tag.offset`, and as much again for each
 * time that somebody came between two items of one writer. The slots of a level are there for everybody; what is
 * under a slot and a tag only the writer with that tag makes. So what a writer puts into a gap stays together: who
 * does not see it has another tag beside it, or goes under an item that is there for both.
 */
interface Level {
  readonly slot: string
  readonly tag: string
  readonly offset: string
}

type Levels = readonly Level[]

/**
 * A position between two others, the left one the lesser; an end that is missing is open. `tag` is the writer's own:
 * up to eleven digits in base 36, 2^53. The result may be longer than is allowed.
 */
export function between(left: string | undefined, right: string | undefined, tag: string): string {
  invariant(left === undefined || right === undefined || left < right, 'positions come in their order')
  return textOf(levelsBetween(levelsOf(left), levelsOf(right), tag))
}

/** Positions in their order, as if each had been put behind the one before. */
export function run(left: string | undefined, right: string | undefined, tag: string, count: number): string[] {
  const positions: string[] = []
  for (let last = left; positions.length < count;) {
    last = between(last, right, tag)
    positions.push(last)
  }
  return positions
}

export const isPosition = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= positionLengthMax && positionPattern.test(value)

/** Sorts below all else: what ends here comes before what goes on. */
const separator = '.'
const levelPattern = `${pathPattern}\\.[0-9a-z]{1,11}\\.${pathPattern}`
const positionPattern = new RegExp(`^${levelPattern}(?:\\.${levelPattern})*$`)

/** No levels at all are an open end. */
function levelsBetween([low, ...lower]: Levels, [high, ...higher]: Levels, tag: string): Levels {
  const sameSlot = low !== undefined && low.slot === high?.slot
  const sameOffset = sameSlot && low.tag === high.tag && low.offset === high.offset
  if (sameOffset) return [low, ...levelsBetween(lower, higher, tag)]
  // Beside one's own: then both ends stay as short as the run is long.
  if (low?.tag === tag) {
    const end = sameSlot && high?.tag === tag ? high.offset : undefined
    return [{ slot: low.slot, tag, offset: pathBetween(low.offset, end) }]
  }
  if (high?.tag === tag) return [{ slot: high.slot, tag, offset: pathBetween(undefined, high.offset) }]
  if (!sameSlot) return [{ slot: pathBetween(low?.slot, high?.slot), tag, offset: pathBetween(undefined, undefined) }]
  if (low.tag < tag && tag < high.tag) return [{ slot: low.slot, tag, offset: pathBetween(undefined, undefined) }]
  return [low, ...levelsBetween(lower, [], tag)]
}

const textOf = (levels: Levels): string =>
  levels.map(({ slot, tag, offset }) => [slot, tag, offset].join(separator)).join(separator)

function levelsOf(position: string | undefined): Levels {
  const fields = position?.split(separator) ?? []
  const levels: Level[] = []
  for (let index = 0; index < fields.length; index += 3) {
    const [slot = '', tag = '', offset = ''] = fields.slice(index, index + 3)
    levels.push({ slot, tag, offset })
  }
  return levels
}
