import type { Engine, Update } from '@rejoin/documents'
import { firstOf } from '@rejoin/lab/trace'
import type { Trace } from '@rejoin/lab/trace'
import { typeLoro } from '../bare-loro.ts'
import type { Bench, Case } from '../bench.ts'
import { bothEngines } from '../both-engines.ts'
import { readTrace } from '../trace.ts'
import { typeAutomerge, typedOn } from './engines-text.ts'
import { automergeByFrame, loroByFrame, splicing, yjsAllInOne, yjsByFrame, yjsOneByOne } from './text-peers.ts'
import { receiving, wholeReplica } from './text-replicas.ts'

/** How many updates come at a time: one by one as others type, a moment of a busy room, a catching-up. */
const sizes = [1_024, 64, 1] as const

/** Remote keystrokes on their way from the frame of the server to whoever watches the text. */
export const text: Bench = {
  name: 'text',
  about: 'the keystrokes of others, from the frame to the notification, beside bare Yjs, Automerge and Loro',
  prepare: async ({ quick, traceFile }) => {
    const whole = readTrace(traceFile, quick ? 20_000 : Number.POSITIVE_INFINITY)
    const [yjs, automerge] = await bothEngines()
    const some = firstOf(whole, quick ? 2_000 : 20_000)
    const few = firstOf(whole, quick ? 500 : 2_000)
    return [
      ...sizes.map((size) => withoutAutomerge(whole, size, yjs)),
      ...sizes.map((size) => withAll(size === 1 ? few : some, size, yjs, automerge)),
    ]
  },
}

const named = (trace: Trace, size: number, contestants: Case['contestants']): Case => ({
  name: `${size === 1 ? 'one by one' : `frames of ${size.toLocaleString('en')}`}: ${trace.transactions.length.toLocaleString('en')} keystrokes`,
  count: trace.transactions.length,
  unit: 'updates',
  contestants,
})

/** What one call of Automerge costs grows with the text, so that of a whole session only the others are asked. */
function withoutAutomerge(trace: Trace, size: number, yjs: Engine): Case {
  const { updates } = typedOn(yjs, trace)
  const marks = size === 1 ? [] : [{ atMost: 1 / 0.8 }, { beside: 'bare Yjs, one by one', atMost: 1 }]
  return named(trace, size, [
    ...overYjs(updates, trace, size, yjs).map((each) => (each.role === 'subject' ? { ...each, marks } : each)),
    loroByFrame(typeLoro(trace).updates, size, trace.endContent),
    splicing(trace),
  ])
}

function withAll(trace: Trace, size: number, yjs: Engine, automerge: Engine): Case {
  const { updates } = typedOn(yjs, trace)
  return named(trace, size, [
    ...overYjs(updates, trace, size, yjs),
    wholeReplica(updates, size, trace.endContent),
    receiving(automerge, typedOn(automerge, trace).updates, size, trace.endContent),
    automergeByFrame(typeAutomerge(trace).updates, size, trace.endContent),
    loroByFrame(typeLoro(trace).updates, size, trace.endContent),
    splicing(trace),
  ])
}

function overYjs(updates: readonly Update[], { endContent }: Trace, size: number, yjs: Engine): Case['contestants'] {
  return [
    yjsAllInOne(updates, endContent),
    yjsOneByOne(updates, endContent),
    ...(size === 1 ? [] : [yjsByFrame(updates, size, endContent)]),
    receiving(yjs, updates, size, endContent),
  ]
}
