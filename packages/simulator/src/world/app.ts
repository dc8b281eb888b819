import { collection, counter, list, register, set, text } from '@rejoin/schema'

/** Every field kind and both parts. Each edit leaves its mark in `marks` and adds 1 to `count`; see `Page`. */
const notes = collection(
  'notes',
  {
    title: register(),
    marks: set(),
    count: counter(),
    tags: set(),
    body: text(),
    steps: list(),
    grade: register().writtenBy('server'),
  },
  { space: 'world' },
)

/** Small entities of one document, beside the long ones. */
const tasks = collection(
  'tasks',
  { title: register(), marks: set(), count: counter(), tags: set() },
  { space: 'world' },
)

export const collections = { notes, tasks }
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
