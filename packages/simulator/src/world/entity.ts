import type { Lane } from '@rejoin/base'
import type { EntityHandle, Receipt, Rejoin } from '@rejoin/client'
import type { Draft } from '@rejoin/schema'
import type { collections, Kind, Place } from './app.ts'
import type { Dice } from './dice.ts'

export type Replica = Rejoin<typeof collections>
type Notes = (typeof collections)['notes']
type Tasks = (typeof collections)['tasks']

/** An entity as a person sees it. Tasks have no text and no steps. */
export interface Page {
  readonly title: unknown
  readonly marks: readonly unknown[]
  readonly count: number
  readonly body?: string
  readonly steps?: readonly unknown[]
  readonly grade?: unknown
}

/** What one edit left besides its mark in `marks` and perhaps a title. */
export interface Touched {
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
  write(mark: string, dice: Dice, lane: Lane): Written
  /** Text and nothing else, where the kind has text: at the cursor, which moves on. */
  type(mark: string, dice: Dice, lane: Lane): Written
  /** An edit whose function throws half-way. */
  stumble(mark: string): void
  page(): Page
  hash(): string
  /** What whoever watches it was shown last. */
  shown(): Page | undefined
  close(): Promise<void>
}

export async function openEntity(rejoin: Replica, place: Place): Promise<OpenEntity | undefined> {
  const { space, kind, id } = place
  if (kind === 'notes') return ifAny(await rejoin.notes.open(id, { space }), (handle) => note(handle, place))
  return ifAny(await rejoin.tasks.open(id, { space }), (handle) => task(handle, place))
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
  const write: OpenEntity['write'] = (mark, dice, lane) => {
    const touched = { marked: true, titled: dice.chance(0.5), typed: dice.chance(0.7), stepped: dice.chance(0.3) }
    const change = (draft: Draft<Notes>): void => {
      writeRegisters(draft, mark, dice, touched.titled)
      if (touched.typed) typeAnywhere(draft, mark, dice)
      if (touched.stepped) step(draft, mark, dice)
    }
    return { touched, receipt: handle.edit(change, { lane }) }
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
  const write: OpenEntity['write'] = (mark, dice, lane) => {
    const titled = dice.chance(0.5)
    const receipt = handle.edit((draft) => writeRegisters(draft, mark, dice, titled), { lane })
    return { touched: { marked: true, titled, typed: false, stepped: false }, receipt }
  }
  const stumble = (mark: string): void =>
    void handle.edit((draft) => {
      draft.marks.add(mark)
      throw new Stumble()
    })
  return { ...watched(handle, place), write, type: write, stumble: (mark) => stumbling(() => stumble(mark)) }
}

interface Watched {
  view(): Page
  watch(show: (page: Page) => void): () => void
  hash(): string
  close(): Promise<void>
}

function watched(handle: Watched, place: Place): Omit<OpenEntity, 'write' | 'type' | 'stumble'> {
  let last: Page | undefined
  handle.watch((page) => (last = page))
  return {
    place,
    page: () => handle.view(),
    hash: () => handle.hash(),
    shown: () => last,
    close: () => handle.close(),
  }
}

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
