import { collection, counter, register, set, text } from '@rejoin/schema'
import type { Collection, FieldDeclaration, Json } from '@rejoin/schema'
import type { EngineName } from '../engines.ts'

type Register = FieldDeclaration<'register', 'shared', Json, Json>

type NoteFields = {
  readonly title: Register
  readonly body: FieldDeclaration<'text', 'shared', string, string>
  readonly tags: FieldDeclaration<'set', 'shared', Json, Json>
  /** Minutes, added by both replicas. */
  readonly progress: FieldDeclaration<'counter', 'shared', number, number>
  /** How many transactions of the trace the body holds; moved in the transaction that types. */
  readonly position: Register
}

type CommentFields = { readonly text: Register; readonly author: Register; readonly at: Register }

/** The app of the replay: one note that a session is typed into, and comments on it. */
export type App = { readonly notes: Collection<NoteFields>; readonly comments: Collection<CommentFields> }

/** The app in an engine. */
export const appIn = (engine: EngineName): App => ({
  notes: collection(
    'notes',
    { title: register(), body: text(), tags: set(), progress: counter(), position: register() },
    { space: 'course', engine },
  ),
  comments: collection(
    'comments',
    { text: register(), author: register(), at: register() },
    { space: 'course', engine },
  ),
})

export const tenant = 'replay'
export const space = 'course-7'
export const noteId = 'session'

/** After how many transactions the author adds minutes and writes a comment. */
export const milestone = 1000
export const minutesPerMilestone = 5

export interface Comment {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly at: number
}

export const authorComment = (index: number): Comment => ({
  id: `author-${index}`,
  author: 'author',
  text: `Transaction ${index * milestone} is typed.`,
  at: index * milestone,
})

/** What the follower writes in one round of edits. */
export const followerComment = (round: number, at: number): Comment => ({
  id: `follower-${round}`,
  author: 'follower',
  text: `Round ${round}: read so far.`,
  at,
})
