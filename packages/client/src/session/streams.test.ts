import { spaceId } from '@rejoin/base'
import type { ErrorKind } from '@rejoin/base'
import { decodeClientFrame, defaultLimits, emptyToken, everything } from '@rejoin/protocol'
import { expect, test } from 'vitest'
import { SpaceState } from '../downstream/space-state.ts'
import { AnswerWatch } from './answer-watch.ts'
import { Connection } from './connection.ts'
import type { Network } from './network.ts'
import { Outlet } from './outlet.ts'
import { Streams } from './streams.ts'

/** What is sent after the server has ended the only stream, and all timers have gone off. */
function sentAfter(error: ErrorKind): readonly string[] {
  const sent: string[] = []
  const timers: (() => void)[] = []
  const after = (_ms: number, fire: () => void): (() => void) => (timers.push(fire), () => undefined)
  const send = (bytes: Uint8Array): void => {
    const frame = decodeClientFrame(bytes)
    sent.push(frame.ok ? frame.value.kind : 'nothing readable')
  }
  const link = { send, close: () => undefined, buffered: () => 0 }
  const outlet = new Outlet({ link, timers: { after }, elapsed: () => 0, sent: () => undefined }, 200)
  const connection = new Connection(outlet, defaultLimits)
  const space = new SpaceState(spaceId('course-7'), {
    kind: 'course',
    seen: emptyToken,
    cursors: [{ interest: everything, token: emptyToken }],
  })
  const streams = new Streams({
    timers: { after },
    spaces: new Map([[space.space, space]]),
    network: () => ({ connection }) as Network,
    watch: new AnswerWatch({ after: () => () => undefined }, 30_000, () => undefined),
    resubscribeMs: 2_000,
    changed: () => undefined,
  })
  streams.begin(connection, false)
  const opened = streams.answered(0)
  expect(opened?.stream).toBe(space.streams[0])
  sent.length = 0
  if (opened !== undefined) streams.ended(opened, error)
  expect(streams.find(0)).toBeUndefined()
  for (const fire of timers) fire()
  return sent
}

test('[CL34] a stream that the server ended for the moment is asked for again on the same connection, one that it refused is not', () => {
  expect(sentAfter('unavailable')).toEqual(['subscribe'])
  expect(sentAfter('forbidden')).toEqual([])
})
