import type { Change, Heir, Json, RegisterChange, WriteId } from '../engine.ts'

/**
 * Changes that name what was made again by its new names. Lists that are kept to be reverted later (an undo stack)
 * go through this after each `revert` and `redo` of the same document, with what that gave.
 */
export function inherit(changes: readonly Change[], heirs: readonly Heir[]): readonly Change[] {
  if (heirs.length === 0) return changes
  const known = new Heirs(heirs)
  return changes.flatMap((change) => inheritOne(change, known))
}

/** A part of a run of elements: made again as a whole, or not at all. */
interface Piece {
  /** Where in the run it starts. */
  readonly at: number
  readonly length: number
  /** The name of its first element now. */
  readonly id: WriteId
  readonly again: boolean
}

/** Finds heirs by what they stand for. */
export class Heirs {
  readonly #byClient = new Map<number, Heir[]>()

  constructor(heirs: readonly Heir[]) {
    for (const heir of heirs) {
      const own = this.#byClient.get(heir.of.client)
      if (own === undefined) this.#byClient.set(heir.of.client, [heir])
      else own.push(heir)
    }
    for (const own of this.#byClient.values()) own.sort((a, b) => a.of.clock - b.of.clock)
  }

  /** The name of an element now. */
  nameOf(id: WriteId): WriteId {
    const [piece] = this.pieces(id, 1)
    return piece?.id ?? id
  }

  pieces({ client, clock }: WriteId, length: number): readonly Piece[] {
    const own = this.#byClient.get(client) ?? []
    const pieces: Piece[] = []
    let i = firstEndingAfter(own, clock)
    for (let at = 0; at < length;) {
      const heir = own[i]
      const start = clock + at
      const again = heir !== undefined && heir.of.clock <= start
      const end = again ? heir.of.clock + heir.length : (heir?.of.clock ?? Infinity)
      const id = again ? { ...heir.id, clock: heir.id.clock + start - heir.of.clock } : { client, clock: start }
      const piece = { at, length: Math.min(length, end - clock) - at, id, again }
      // Of heirs of one element, which no list of ours holds, the first counts.
      if (piece.length > 0) pieces.push(piece)
      at += Math.max(0, piece.length)
      if (again) i++
    }
    return pieces
  }
}

function inheritOne(change: Change, heirs: Heirs): Change | readonly Change[] {
  if (change.root === 'untold') return change
  if (change.root === 'registers') return inheritRegister(change, heirs)
  if ('delete' in change) {
    if (isOneElement(change.delete)) return { ...change, id: heirs.nameOf(change.id) }
    return heirs.pieces(change.id, change.delete.length).map(({ at, length, id }) => {
      if (change.root === 'text') return { ...change, id, delete: change.delete.slice(at, at + length) }
      return { ...change, id, delete: change.delete.slice(at, at + length) }
    })
  }
  let after = change.after && heirs.nameOf(change.after)
  if (isOneElement(change.insert)) return { ...change, id: heirs.nameOf(change.id), after }
  return heirs.pieces(change.id, change.insert.length).map(({ at, length, id }) => {
    const follows = after
    after = { client: id.client, clock: id.clock + length - 1 }
    if (change.root === 'text') return { ...change, id, after: follows, insert: change.insert.slice(at, at + length) }
    return { ...change, id, after: follows, insert: change.insert.slice(at, at + length) }
  })
}

function inheritRegister(change: RegisterChange, heirs: Heirs): RegisterChange {
  const removed = change.removed.map((each) => ({ ...each, ...heirs.nameOf(each) }))
  if (change.wrote === undefined) return { ...change, removed }
  return { ...change, removed, wrote: { ...change.wrote, ...heirs.nameOf(change.wrote) } }
}

/** A character of two units is never split, whether it has one id or two. */
const isOneElement = (content: string | readonly Json[]): boolean =>
  content.length === 2 && typeof content === 'string' && (content.codePointAt(0) ?? 0) > 0xff_ff

/** The place of the first heir of anything at `clock` or behind it. */
function firstEndingAfter(heirs: readonly Heir[], clock: number): number {
  let low = 0
  let high = heirs.length
  while (low < high) {
    const middle = (low + high) >> 1
    const heir = heirs[middle]
    if (heir !== undefined && heir.of.clock + heir.length <= clock) low = middle + 1
    else high = middle
  }
  return low
}
