import type { Engine } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, counter, list, movableList, register, set, text } from '@rejoin/schema'

const small = {
  title: register(),
  marks: set(),
  count: counter(),
  tags: set(),
  order: movableList(),
  best: register().conflicts('max'),
  state: register().conflicts('manual'),
}

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
  { space: 'world' },
)

/** Small entities of one document, beside the long ones. */
const tasks = collection('tasks', small, { space: 'world' })

export const collections = { notes, tasks }
/** What the collections are in. */
export const engines: readonly Engine[] = [yjs]
export type Kind = keyof typeof collections
export const kinds: readonly Kind[] = ['notes', 'tasks']

/** The first is everybody's; the others are joined, left and widened as the dice fall. */
export const spaces = ['earth', 'mars', 'venus'] as const
export const [home] = spaces
/** Where a hostile user may write. Honest people are there too, and only read. */
export const lawless = 'pluto'
export const spaceKind = 'world'

/** One entity of a world: which one, told without any id type of the system. */
export interface Place {
  readonly space: string
  readonly kind: Kind
  readonly id: string
}

export const nameOf = ({ space, kind, id }: Place): string => `${space}/${kind}/${id}`
