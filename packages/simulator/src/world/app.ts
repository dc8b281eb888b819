import { collection, counter, list, movableList, register, set, text } from '@rejoin/schema'

export const spaceKind = 'world'

const small = {
  title: register(),
  marks: set(),
  count: counter(),
  tags: set(),
  order: movableList(),
  best: register().conflicts('max'),
  state: register().conflicts('manual'),
}

/** One entity of a world is one of these. */
export type Kind = 'notes' | 'tasks'
export const kinds: readonly Kind[] = ['notes', 'tasks']

/** The engines that collections may be in, by name. */
export type EngineName = 'yjs' | 'automerge'
/** Which kinds are on Automerge, by what the condition `automerge` says; the others are on Yjs. */
const onAutomerge: readonly (readonly Kind[])[] = [[], ['tasks'], ['notes'], ['notes', 'tasks']]

export const engineOf = (kind: Kind, automerge: number): EngineName =>
  onAutomerge[automerge]?.includes(kind) === true ? 'automerge' : 'yjs'

/** What the app of a world declares. */
export type Collections = ReturnType<typeof collectionsOf>

/** The same in every world, but for their engines. */
export function collectionsOf(automerge: number) {
  const optionsOf = (kind: Kind) => ({ space: spaceKind, engine: engineOf(kind, automerge) })
  /** Field kinds that differ, and all parts. Each edit leaves its mark in `marks` and adds 1 to `count`; see `Page`. */
  const notes = collection(
    'notes',
    {
      ...small,
      body: text(),
      steps: list(),
      grade: register().writtenBy('server'),
      rating: register().writtenBy('owner'),
    },
    optionsOf('notes'),
  )
  /** Small entities of one document, beside the long ones. */
  const tasks = collection('tasks', small, optionsOf('tasks'))
  return { notes, tasks }
}

/** The first is everybody's; the others are joined, left and widened as the dice fall. */
export const spaces = ['earth', 'mars', 'venus'] as const
export const [home] = spaces
/** Where a hostile user may write. Honest people are there too, and only read. */
export const lawless = 'pluto'

/** One entity of a world: which one, told without any id type of the system. */
export interface Place {
  readonly space: string
  readonly kind: Kind
  readonly id: string
}

export const nameOf = ({ space, kind, id }: Place): string => `${space}/${kind}/${id}`
