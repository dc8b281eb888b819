import { every } from '../platform/clock.ts'
import { followerComment } from './app.ts'
import type { NoteHandle, Replica } from './replica.ts'
import type { FollowerReport } from './roles.ts'

/** Between two rounds of edits. */
const roundEveryMs = 250

export interface Follower {
  /** Ends the edits; answers with how many rounds there were. */
  finish(): Promise<{ readonly rounds: number }>
}

/** Follows the note live, and edits its other fields at the same time: title, tags, minutes, comments. */
export function follow(replica: Replica, note: NoteHandle, report: (report: FollowerReport) => void): Follower {
  let position = 0
  let rounds = 0
  let running: Promise<void> | undefined
  const unwatch = note.watch((view) => (position = Number(view.position ?? 0)))

  const round = async (): Promise<void> => {
    rounds++
    editNote(note, rounds, position)
    const { id, ...fields } = followerComment(rounds, position)
    const comment = await replica.comments.create(fields, { id })
    await comment.close()
    report({ kind: 'round', rounds, position, pending: replica.status.now.pending })
  }
  // One after the other: a round that is still on its way to the disk lets the next tick pass.
  const tick = (): void => {
    running ??= round().finally(() => (running = undefined))
  }
  tick()
  const stop = every(roundEveryMs, tick)

  return {
    finish: async () => {
      stop()
      await running
      unwatch()
      await replica.flushed()
      return { rounds }
    },
  }
}

const tags = ['draft', 'paper', 'crdt', 'offline', 'review']

function editNote(note: NoteHandle, round: number, position: number): void {
  const tag = tags[round % tags.length] ?? 'draft'
  note.edit((draft) => {
    draft.progress.add(1)
    draft.title.set(`Read up to ${position}`)
    if (draft.tags.has(tag)) draft.tags.delete(tag)
    else draft.tags.add(tag)
  })
}
