import type { Entry, Intervals, UserId, WriterId } from '@rejoin/base'
import type { Answer, AskAnswer } from './answer.ts'
import type { Committer, Work, WorkFailure } from './committer.ts'
import type { Principal } from './identity/principal.ts'
import type { Room } from './room/room.ts'
import { needsOf, noNeeds } from './room/records.ts'

/** An entry or a whole group, as a connection or the server itself hands it in. */
export interface PushRequest {
  readonly room: Room
  readonly writer: WriterId
  readonly clientIds: readonly number[]
  readonly entries: readonly Entry[]
  readonly bytes: number
  /** As it is when the decision is made. */
  principal(): Principal
  /** Once. With a failure there are no answers: nothing was decided. */
  answered(answers: readonly Answer[], failure: WorkFailure | undefined): void
}

export function pushWork(request: PushRequest): Work {
  const { room, writer, clientIds, entries, bytes } = request
  let answers: readonly Answer[] = []
  return {
    room,
    bytes,
    entries: entries.length,
    needs: needsOf(entries, clientIds),
    decide: (plan) => {
      const { user, roleIn } = request.principal()
      answers = plan.decide({ writer, user, role: roleIn(room.ref.space), clientIds, entries })
    },
    done: (result) => request.answered(result.ok ? answers : [], result.ok ? undefined : result.error),
  }
}

export interface AskRequest {
  readonly room: Room
  readonly writer: WriterId
  readonly user: UserId
  readonly intervals: Intervals
  isGone(): boolean
  answered(answer: AskAnswer): void
}

/** A question takes its turn behind the pushes before it: "unknown" must not be said of what is still queued. */
export function askWork(request: AskRequest, committer: Committer): Work {
  const { room, writer, user, intervals } = request
  let answer: AskAnswer | undefined
  const work: Work = {
    room,
    bytes: 0,
    entries: 0,
    needs: { ...noNeeds, writers: [writer], answers: [{ writer, intervals }] },
    decide: (plan) => {
      answer = plan.ask(writer, user, intervals)
    },
    done: (result) => {
      if (result.ok && answer !== undefined) {
        request.answered(answer)
        const { rest } = answer
        if (rest.length > 0 && !request.isGone()) committer.add(askWork({ ...request, intervals: rest }, committer))
      } else if (!request.isGone()) committer.addLater(work)
    },
  }
  return work
}

/** Begins a new life of a space's log, unless that has been done since. */
export function epochWork(room: Room, epoch: string, settled: () => void): Work {
  return {
    room,
    bytes: 0,
    entries: 0,
    needs: noNeeds,
    decide: (plan) => plan.leaveEpoch(epoch),
    done: settled,
  }
}
