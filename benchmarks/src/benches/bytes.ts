import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { firstOf } from '@rejoin/lab/trace'
import type { Bench, Case, Contestant, Role } from '../bench.ts'
import { bothEngines } from '../both-engines.ts'
import { byOne, sentBy } from '../concurrent-session.ts'
import type { Sent, Written } from '../concurrent-session.ts'
import { readConcurrent, readTrace, shippedTrace } from '../trace.ts'
import { automerge, loro, rejoinOn, yjsV1, yjsV2 } from './bytes-libraries.ts'
import type { Library } from './bytes-libraries.ts'
import { chunksOf } from './merge-orders.ts'

const traces = ['sveltecomponent', 'json-crdt-patch', 'friendsforever_flat', 'automerge-paper']
/** Automerge takes minutes for more, each keystroke a change: so all of them are asked for these, and the others for all. */
const automergeMax = 30_000

/** How many bytes a text takes on its way and at rest. The times mean nothing. */
export const bytes: Bench = {
  name: 'bytes',
  about: 'the bytes of each keystroke, of a hundred together and of the whole, on each trace; the times mean nothing',
  prepare: async ({ quick }) => {
    const [yjs, onAutomerge] = await bothEngines()
    const light = [
      measuredBy('bare Yjs, V1', 'peer', yjsV1),
      measuredBy('bare Yjs, V2', 'peer', yjsV2),
      measuredBy('Rejoin on Yjs', 'subject', rejoinOn(yjs)),
      measuredBy('bare Loro', 'peer', loro),
    ]
    const all = [
      ...light,
      measuredBy('Rejoin on Automerge', 'subject', rejoinOn(onAutomerge)),
      measuredBy('bare Automerge', 'peer', automerge),
    ]
    const cases: Case[] = []
    for (const name of traces) {
      const whole = readTrace(shippedTrace(name))
      const first = firstOf(whole, quick ? 3_000 : automergeMax)
      cases.push(caseOf(name, { text: first.endContent, log: byOne(first) }, all))
      if (!quick && first !== whole) cases.push(caseOf(name, { text: whole.endContent, log: byOne(whole) }, light))
    }
    const { transactions, endContent } = readConcurrent(shippedTrace(concurrent))
    // Of its beginning nobody has told the content.
    if (!quick) cases.push(caseOf(concurrent, { text: endContent, log: transactions }, all))
    return cases
  },
}

const concurrent = 'friendsforever-concurrent'

interface Session {
  readonly text: string
  readonly log: readonly Written[]
}

/** What the V1 of bare Yjs takes, which comes first, for the others to be compared with. */
interface Known {
  readonly zippedText: number
  yjs?: Sizes
}

type Measured = (session: Session, known: Known) => Contestant

function caseOf(name: string, session: Session, all: readonly Measured[]): Case {
  const known: Known = { zippedText: zipped(session.text) }
  return {
    name: `${name}: ${session.log.length.toLocaleString('en')} keystrokes`,
    count: session.log.length,
    unit: 'keystrokes',
    once: true,
    contestants: [...all.map((measured) => measured(session, known)), zipping(session)],
  }
}

/** Text and log without any CRDT, and nobody can take part in it: what is left of them packed. */
const zipping = ({ text, log }: Session): Contestant => ({
  name: 'gzip of the text, and of the log',
  settings: 'level 9, the log as JSON',
  role: 'limit',
  run: () => ({ text: zipped(text), log: zipped(JSON.stringify(log.map(({ patches }) => patches))) }),
  verify: () => undefined,
  figures(result) {
    const packed = result as { readonly text: number; readonly log: number }
    return {
      'B of the log a keystroke': packed.log / log.length,
      'B of the text': packed.text,
      'characters': text.length,
    }
  },
})

const zipped = (text: string): number => gzipSync(text, { level: 9 }).length

interface Sizes {
  /** Of an update of one keystroke. */
  readonly live: number
  /** Of a keystroke in a run of a hundred of one author. */
  readonly inRuns: number
  readonly snapshot: number
  readonly shallow: number | undefined
  readonly text: string
}

const measuredBy =
  <U>(name: string, role: Role, library: Library<U>): Measured =>
  ({ text, log }, known) => ({
    name,
    settings: library.settings,
    role,
    run: () => {
      const sizes = sizesBy(library, log)
      known.yjs ??= sizes
      return sizes
    },
    verify: (result) => assert.equal((result as Sizes).text, text),
    figures(result) {
      const { live, inRuns, snapshot, shallow } = result as Sizes
      const beside = known.yjs ?? (result as Sizes)
      return {
        'B a keystroke': live,
        '× V1': live / beside.live,
        'B in runs of 100': inRuns,
        '× V1 in runs': inRuns / beside.inRuns,
        'B of the snapshot': snapshot,
        '× V1 of the snapshot': snapshot / beside.snapshot,
        '× gzip of the text': snapshot / known.zippedText,
        ...(shallow !== undefined && { 'B without its past': shallow }),
      }
    },
  })

function sizesBy<U>(library: Library<U>, log: readonly Written[]): Sizes {
  const sent = sentBy(log, (id) => library.author(id))
  const { text, snapshotBytes, shallowBytes, runBytes } = library.read(sent.map(({ update }) => update))
  const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0)
  return {
    live: sum(sent.map(({ update }) => library.bytesOf(update))) / sent.length,
    inRuns: sum(runsOf(sent).map(runBytes)) / sent.length,
    snapshot: snapshotBytes,
    shallow: shallowBytes,
    text,
  }
}

/** A hundred at a time of each author's, in their order. */
function runsOf<U>(sent: readonly Sent<U>[]): (readonly U[])[] {
  return [...Map.groupBy(sent, ({ author }) => author).values()]
    .map((own) => own.map(({ update }) => update))
    .flatMap((own) => chunksOf(own, 100))
}
