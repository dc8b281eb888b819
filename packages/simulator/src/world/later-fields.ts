import type { Draft, RegisterDraft } from '@rejoin/schema'
import type { Dice } from './dice.ts'
import type { Tasks } from './entity.ts'

/** Who writes the later fields, and by which dice. */
export interface Later {
  readonly dice: Dice
  readonly user: string
}

/** What a write left in the later fields, or of an entity's life. */
export interface LeftLater {
  /** Its mark is an item of `order`; with its filler, or alone. */
  readonly placed?: 'filled' | 'alone' | undefined
  /** A filler that it took out of `order`. */
  readonly dropped?: string | undefined
  /** It raised `best` to this. */
  readonly best?: number | undefined
  /** What it wrote as `state`, over which values. */
  readonly state?: { readonly value: unknown; readonly over: readonly unknown[] } | undefined
  /** Its mark is the rating of this user. */
  readonly rated?: string | undefined
  /** It did nothing but delete the entity, or take that back. */
  readonly life?: 'deleted' | 'live' | undefined
}

/** Beside a mark in `order`, under a name of its own: only fillers are ever deleted. */
export const fillerOf = (mark: string): string => `~${mark}`
const isFiller = (item: unknown): item is string => typeof item === 'string' && item.startsWith('~')

export function writeLater(
  draft: Draft<Tasks>,
  mark: string,
  { dice, user }: Later,
  rating?: RegisterDraft<unknown, unknown>,
): LeftLater {
  const isRated = rating !== undefined && dice.chance(0.2)
  if (isRated) rating.set(mark)
  return {
    ...arrange(draft, mark, dice),
    ...raise(draft, dice),
    ...state(draft, mark, dice),
    rated: isRated ? user : undefined,
  }
}

function arrange({ order }: Draft<Tasks>, mark: string, dice: Dice): LeftLater {
  if (order.length > 0 && dice.chance(0.3)) order.move(dice.below(order.length), dice.below(order.length))
  const fillers = order.values().filter(isFiller)
  const dropped = fillers.length > 0 && dice.chance(0.2) ? dice.pick(fillers) : undefined
  if (dropped !== undefined) order.delete(order.values().indexOf(dropped))
  if (!dice.chance(0.3)) return { dropped }
  const placed = dice.chance(0.5) ? 'filled' : 'alone'
  order.insert(dice.below(order.length + 1), mark, ...(placed === 'filled' ? [fillerOf(mark)] : []))
  return { dropped, placed }
}

/** A value that is not above what is seen is not written. */
function raise({ best }: Draft<Tasks>, dice: Dice): LeftLater {
  if (!dice.chance(0.3)) return {}
  const [before, value] = [best.value, 1 + dice.below(1_000)]
  best.set(value)
  return { best: typeof before === 'number' && before >= value ? undefined : value }
}

function state({ state }: Draft<Tasks>, mark: string, dice: Dice): LeftLater {
  if (!dice.chance(0.3)) return {}
  const over = [...state.values]
  state.set(mark)
  return { state: { value: mark, over } }
}
