import { collection, counter, list, register, set, text } from '@rejoin/schema'

/** Every field kind. Each edit leaves its mark in `marks` and adds 1 to `count`; some also in a title, text or list. */
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
export const spaceKind = 'world'
export const home = 'earth'
export const spaces = [home, 'mars'] as const

/** The server refuses, for ever, whatever belongs to an entity whose id begins so. */
export const refusedPrefix = 'refused-'

/** One entity: which one, told without any id type of the system. */
export interface Place {
  readonly space: string
  readonly kind: keyof typeof collections
  readonly id: string
}

export const nameOf = ({ space, kind, id }: Place): string => `${space}/${kind}/${id}`

/** An entity as somebody sees it. Tasks have no text, no steps and no grade. */
export interface Page {
  readonly title?: unknown
  readonly marks: readonly unknown[]
  readonly count: number
  readonly body?: string
  readonly steps?: readonly unknown[]
  readonly grade?: unknown
}

/** What is between the marks of a text, which have no small letters. Only this is ever deleted: no mark is torn. */
export const fillers = /^[a-z ]*$/
export const quoted = (mark: string): string => `[${mark}]`
export const quotedMarks = /\[([^[\]]*)\]/g
