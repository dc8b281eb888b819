import type { Lane } from '@rejoin/base'
import type { Conflict, EntityHandle, Receipt, Rejoin } from '@rejoin/client'
import type { Draft } from '@rejoin/schema'
import type { Collections, Kind, Place } from './app.ts'
import type { Dice } from './dice.ts'
import { writeLater } from './later-fields.ts'
import type { Later, LeftLater } from './later-fields.ts'

export type Replica = Rejoin<Collections>
export type Notes = Collections['notes']
export type Tasks = Collections['tasks']

/** An entity as a person sees it. Tasks have no text and no steps. */
export interface Page {
  readonly title: unknown
  readonly marks: readonly unknown[]
  readonly count: number
  readonly body?: string
  readonly steps?: readonly unknown[]
  readonly grade?: unknown
  readonly order?: readonly unknown[]
  readonly best?: unknown
  readonly state?: unknown
  readonly rating?: Readonly<Record<string, unknown>>
}

/** A conflict that is open, told alike by every replica. */
export type Dispute = Pick<Conflict, 'id' | 'suggestion'> & { readonly values: readonly unknown[] }

/** What one edit left besides its mark in `marks` and perhaps a title. */
export interface Touched extends LeftLater {
  /** In `marks` and `count`. */
  readonly marked: boolean
  /** Its title is that of the mark. */
  readonly titled?: boolean
  readonly typed: boolean
  readonly stepped: boolean
}

export interface Written {
  readonly receipt: Receipt
  readonly touched: Touched
}

/** An entity held open, of whichever kind. */
export interface OpenEntity {
  readonly place: Place
  write(mark: string, dice: Dice, lane: Lane, later?: Later): Written
  /** Text and nothing else, where the kind has text: at the cursor, which moves on. */
  type(mark: string, dice: Dice, lane: Lane): Written
  /** An edit whose function throws half-way. */
  stumble(mark: string): void
  /** Deletes it, or takes that back. */
  turn(lane: Lane): Written
  page(): Page
  hash(): string
  isDeleted(): boolean
  disputes(): readonly Dispute[]
  /** What whoever watches it was shown last. */
  shown(): Page | undefined
  close(): Promise<void>
}

/** Undefined if there is none of that id, or, unless told, if it is deleted. */
export async function openEntity(
  rejoin: Replica,
  place: Place,
  { deleted = false } = {},
): Promise<OpenEntity | undefined> {
  const { space, kind, id } = place
  const options = { space, deleted }
  if (kind === 'notes') return ifAny(await rejoin.notes.open(id, options), (handle) => note(handle, place))
  return ifAny(await rejoin.tasks.open(id, options), (handle) => task(handle, place))
}

export async function createEntity(rejoin: Replica, space: string, kind: Kind, lane: Lane): Promise<OpenEntity> {
  if (kind === 'notes') {
    const handle = await rejoin.notes.create({ title: 'new', body: '', tags: ['a'] }, { space, lane })
    return note(handle, { space, kind, id: handle.id })
  }
  const handle = await rejoin.tasks.create({ title: 'new' }, { space, lane })
  return task(handle, { space, kind, id: handle.id })
}

const ifAny = <T, U>(value: T | undefined, make: (value: T) => U): U | undefined =>
  value === undefined ? undefined : make(value)

function note(handle: EntityHandle<Notes>, place: Place): OpenEntity {
  const write: OpenEntity['write'] = (mark, dice, lane, later) => {
    let left: LeftLater = {}
    const touched = { marked: true, titled: dice.chance(0.5), typed: dice.chance(0.7), stepped: dice.chance(0.3) }
    const change = (draft: Draft<Notes>): void => {
      writeRegisters(draft, mark, dice, touched.titled)
      if (touched.typed) typeAnywhere(draft, mark, dice)
      if (touched.stepped) step(draft, mark, dice)
      if (later !== undefined) left = writeLater(draft, mark, later, draft.rating)
    }
    const receipt = handle.edit(change, { lane })
    return { touched: { ...touched, ...left }, receipt }
  }
  let cursor = 0
  const type: OpenEntity['type'] = (mark, dice, lane) => {
    const change = ({ body }: Draft<Notes>): void => {
      const at = dice.chance(0.1) ? dice.below(body.length + 1) : Math.min(cursor, body.length)
      const words = dice.chance(0.5) ? 'lorem ' : ''
      body.insert(at, mark + words)
      cursor = at + 1 + words.length
      if (dice.chance(0.1)) deleteFillers(body, dice)
    }
    return { touched: { marked: false, typed: true, stepped: false }, receipt: handle.edit(change, { lane }) }
  }
  const stumble = (mark: string): void =>
    void handle.edit((draft) => {
      draft.marks.add(mark)
      draft.body.insert(0, mark)
      throw new Stumble()
    })
  return { ...watched(handle, place), write, type, stumble: (mark) => stumbling(() => stumble(mark)) }
}

function task(handle: EntityHandle<Tasks>, place: Place): OpenEntity {
  const write: OpenEntity['write'] = (mark, dice, lane, later) => {
    let left: LeftLater = {}
    const titled = dice.chance(0.5)
    const change = (draft: Draft<Tasks>): void => {
      writeRegisters(draft, mark, dice, titled)
      if (later !== undefined) left = writeLater(draft, mark, later)
    }
    const receipt = handle.edit(change, { lane })
    return { touched: { marked: true, titled, typed: false, stepped: false, ...left }, receipt }
  }
  const stumble = (mark: string): void =>
    void handle.edit((draft) => {
      draft.marks.add(mark)
      throw new Stumble()
    })
  return { ...watched(handle, place), write, type: write, stumble: (mark) => stumbling(() => stumble(mark)) }
}

type Watched = Pick<EntityHandle<Tasks>, 'life' | 'delete' | 'undelete' | 'conflicts' | 'hash' | 'close'> & {
  view(): Page
  watch(show: (page: Page) => void): () => void
}

function watched(handle: Watched, place: Place): Omit<OpenEntity, 'write' | 'type' | 'stumble'> {
  let last: Page | undefined
  handle.watch((page) => (last = page))
  return {
    place,
    turn: (lane) => {
      const life = handle.life === 'deleted' ? 'live' : 'deleted'
      const receipt = life === 'live' ? handle.undelete({ lane }) : handle.delete({ lane })
      return { receipt, touched: { marked: false, typed: false, stepped: false, life } }
    },
    page: () => handle.view(),
    hash: () => handle.hash(),
    isDeleted: () => handle.life === 'deleted',
    disputes: () => handle.conflicts().map(disputeOf),
    shown: () => last,
    close: () => handle.close(),
  }
}

/** Without what each replica says in its own way: who wrote it, and whether that is oneself. */
export const disputeOf = ({ id, suggestion, values }: Conflict): Dispute => ({
  id,
  suggestion,
  values: values.map(({ value }) => value),
})

class Stumble extends Error {}

function stumbling(act: () => void): void {
  try {
    act()
  } catch (cause) {
    if (!(cause instanceof Stumble)) throw cause
  }
}

function writeRegisters(draft: Draft<Tasks>, mark: string, dice: Dice, titled: boolean): void {
  draft.marks.add(mark)
  draft.count.add(1)
  if (titled) draft.title.set(`title ${mark}`)
  const tag = dice.pick(['a', 'b', 'c', 'd'])
  const isAdded = dice.chance(0.2)
  if (isAdded) draft.tags.add(tag)
  const isRemoved = !isAdded && dice.chance(0.2)
  if (isRemoved) draft.tags.delete(tag)
}

/** A mark is one character, so that it cannot be split; only fillers are ever deleted. */
function typeAnywhere({ body }: Draft<Notes>, mark: string, dice: Dice): void {
  const at = dice.below(body.length + 1)
  body.insert(at, mark)
  if (dice.chance(0.4)) body.insert(at + 1, 'lorem ipsum '.repeat(dice.chance(0.05) ? 200 : 1))
  if (dice.chance(0.3)) deleteFillers(body, dice)
}

function deleteFillers(body: Draft<Notes>['body'], dice: Dice): void {
  const text = body.toString()
  const from = dice.below(text.length)
  const fillers = /^[a-z ]{0,9}/.exec(text.slice(from, from + 9))?.[0] ?? ''
  if (fillers.length > 0) body.delete(from, fillers.length)
}

function step({ steps }: Draft<Notes>, mark: string, dice: Dice): void {
  steps.insert(dice.below(steps.length + 1), mark)
  if (dice.chance(0.4)) steps.push(dice.below(1000))
  const at = dice.below(steps.length)
  if (typeof steps.get(at) === 'number') steps.delete(at, 1)
}
