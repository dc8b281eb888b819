import assert from 'node:assert/strict'
import type { Engine, Update } from '@rejoin/documents'
import type { Contestant } from '../bench.ts'
import { fedFirst, openFedReplica } from '../fed-replica.ts'
import type { FedReplica } from '../fed-replica.ts'
import { awaitedTimesOf, p99OfFrames, timesOf } from '../frame-times.ts'
import type { Taken } from '../frame-times.ts'
import { declarations, rangesOf } from '../range-frames.ts'
import { Receiver } from '../receiver.ts'

/** From the frame to the notification, and nothing else that a replica does. */
export function receiving(engine: Engine, updates: readonly Update[], size: number, text: string): Contestant {
  const ranges = rangesOf(updates, size)
  let told = 0
  let last: Receiver | undefined
  return {
    name: `frame to notification, ${engine.name}`,
    settings: 'decode, dedupe, apply, notify',
    role: 'subject',
    before: () => last?.note.dispose(),
    run(): Taken {
      const receiver = new Receiver(engine)
      last = receiver
      told = 0
      receiver.watchers.add(() => told++)
      for (const frame of declarations) receiver.receive(frame)
      const times = timesOf(ranges, (frames) => {
        for (const frame of frames) receiver.receive(frame)
      })
      return { times, read: () => receiver.note.view().body }
    },
    verify(taken) {
      assert.equal((taken as Taken).read(), text)
      assert.equal(told, ranges.length)
    },
    figures: p99OfFrames,
  }
}

/** With its rows in a store in memory, and the whole view read at each notification. */
export function wholeReplica(updates: readonly Update[], size: number, text: string): Contestant {
  const ranges = rangesOf(updates, size, fedFirst)
  let replica: FedReplica | undefined
  return {
    name: 'a whole replica in memory, yjs',
    settings: 'also: rows stored and packed, the view read at each notification',
    role: 'subject',
    async before() {
      await replica?.[Symbol.asyncDispose]()
      replica = await openFedReplica()
    },
    async run(): Promise<Taken> {
      const fed = replica
      assert(fed !== undefined)
      let shown = fed.note.view().body
      let wake: (() => void) | undefined
      const stop = fed.note.watch(({ body }) => {
        shown = body
        wake?.()
      })
      const times = await awaitedTimesOf(ranges, (frames) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        for (const frame of frames) fed.receive(frame)
        return promise
      })
      stop()
      return { times, read: () => shown }
    },
    verify: (taken) => assert.equal((taken as Taken).read(), text),
    figures: p99OfFrames,
  }
}
