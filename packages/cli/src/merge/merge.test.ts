import { test } from '@fast-check/vitest'
import type { Engine } from '@rejoin/documents'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import { describe, expect } from 'vitest'
import { readConcurrentTrace } from '../platform/trace-file.ts'
import { seededDraw } from '../replay/plan.ts'
import { parseConcurrent } from '@rejoin/lab/trace'
import type { ConcurrentTrace } from '@rejoin/lab/trace'
import { engineNames, openEngine } from '../engines.ts'
import type { MergeFigures, MergeOptions, MergeReport } from './figures.ts'
import { mergeSession } from './merge.ts'
import { firstOfConcurrent, mergedNaively } from './naive.test.helper.ts'
import { arranged, orders } from './order.ts'
import { renderMerge } from './report.ts'
import { sessions } from './sessions.test.helper.ts'

type Options = Omit<MergeOptions, 'trace' | 'engine'>

const options: Options = { order: 'causal', replicas: 1, chunk: undefined, seed: 1 }
const quietly = async (): Promise<void> => undefined

async function merged(trace: ConcurrentTrace, engine: Engine, wanted: Partial<Options> = {}): Promise<MergeFigures> {
  const figures = await mergeSession(trace, engine, { ...options, ...wanted }, quietly)
  if (!figures.ok) throw new Error(figures.error)
  return figures.value
}

function parsed(value: unknown): ConcurrentTrace {
  const trace = parseConcurrent('t', JSON.stringify(value))
  if (!trace.ok) throw new Error(trace.error)
  return trace.value
}

/** Writes down what is read in a document whenever a change of it begins. */
function watched(engine: Engine, views: string[]): Engine {
  const create: Engine['create'] = () => {
    const document = engine.create()
    const transact = document.transact.bind(document)
    document.transact = (change) => {
      views.push(document.text.read())
      return transact(change)
    }
    return document
  }
  return { ...engine, create }
}

const held = { endContentMatches: true, hashesEqual: true, ok: true, failures: [] }
const friends = readConcurrentTrace('friendsforever-concurrent')
const threeAuthors = readConcurrentTrace(fileURLToPath(new URL('./three-authors.test.json', import.meta.url)))

describe.each(engineNames)('on %s', async (name) => {
  const engine = await openEngine(name)

  test.prop([sessions], { numRuns: 50 })(
    '[RE27] each transaction is made at what its parents say, and all merge as the naive text does',
    async (session) => {
      const trace = parsed(session)
      const views: string[] = []
      expect(await merged(trace, watched(engine, views), { order: 'doubled' })).toMatchObject(held)
      expect(views).toEqual(mergedNaively(trace.transactions).views)
    },
  )

  test.each(orders)(
    '[RE27] positions count code points, and three authors merge with several parents: %s',
    async (order) => {
      for (const chunk of [undefined, 1, 3])
        expect(await merged(threeAuthors, engine, { order, chunk, replicas: 3 })).toMatchObject(held)
    },
  )

  test.each(orders)('[RE28] the beginning of a real session merges: %s', async (order) => {
    const beginning = firstOfConcurrent(friends, 1500)
    expect(beginning.transactions.some(({ parents }) => parents.length > 1)).toBe(true)
    expect(await merged(beginning, engine, { order, replicas: 2 })).toMatchObject({ ...held, transactions: 1500 })
    expect(await merged(beginning, engine, { order, chunk: 100 })).toMatchObject(held)
  })

  test('[RE26] a patch outside the text is refused with a reason', async () => {
    const cut = (...patches: unknown[]): ConcurrentTrace => {
      const txns = [
        { agent: 0, parents: [], patches: [[0, 0, 'a🌊']] },
        { agent: 1, parents: [0], patches },
      ]
      return parsed({ kind: 'concurrent', endContent: 'a🌊', numAgents: 2, txns })
    }
    const reasonOf = async (trace: ConcurrentTrace): Promise<unknown> => mergeSession(trace, engine, options, quietly)
    const error = 'is not a trace: its transaction 1 has a patch that reaches to 3 in a text of 2 characters.'
    expect(await reasonOf(cut([3, 0, 'x']))).toEqual({ ok: false, error })
    expect(await reasonOf(cut([1, 2, '']))).toEqual({ ok: false, error })
    expect(await reasonOf(cut([2, 0, 'b'], [1, 3, '']))).toMatchObject({ ok: false })
    expect(await reasonOf(cut([2, 0, 'b'], [1, 2, '🐟']))).toMatchObject({ ok: true })
  })
})

test('[RE28] the whole session merges on Yjs', async () => {
  const figures = await merged(friends, await openEngine('yjs'), { order: 'shuffled' })
  expect(figures).toMatchObject({ ...held, transactions: 26_078, authors: 2, chunk: figures.transactions })
})

describe('the verdict', async () => {
  const yjs = await openEngine('yjs')
  const beginning = firstOfConcurrent(friends, 300)

  /** From the `from`-th document on, every delivery loses its `lost`-th update. Authors come first. */
  function losing(from: number, lost: number): Engine {
    let made = 0
    const create: Engine['create'] = () => {
      const document = yjs.create()
      const apply = document.apply.bind(document)
      if (++made >= from) document.apply = (updates) => apply(updates.toSpliced(lost, 1))
      return document
    }
    return { ...yjs, create }
  }

  test('[RE29] another end is told, with where it begins to differ', async () => {
    const figures = await merged({ ...beginning, endContent: `${beginning.endContent}.` }, yjs)
    expect(figures).toMatchObject({ endContentMatches: false, hashesEqual: true, ok: false })
    const { length } = beginning.endContent
    const difference = `${length} characters instead of ${length + 1}, equal up to ${length}`
    expect(figures.failures).toEqual(
      ['author 0', 'author 1', 'replica 1'].map(
        (who) => `The text of ${who} is not the endContent of the trace: ${difference}.`,
      ),
    )
  })

  test('[RE29] a replica that ends otherwise and one that waits are named', async () => {
    const figures = await merged(beginning, losing(4, 250), { replicas: 2 })
    expect(figures).toMatchObject({ endContentMatches: false, hashesEqual: false, ok: false })
    expect(figures.failures).toEqual([
      expect.stringMatching(/^The text of replica 2 is not the endContent of the trace: /),
      'Authors and replicas end with 2 different contents.',
      'At replica 2 updates still wait for others.',
    ])
  })

  test('[RE29] a replica that waits for what it will not get fails, even if the text is right', async () => {
    const more: ConcurrentTrace = {
      ...beginning,
      transactions: [
        ...beginning.transactions,
        { author: 0, parents: [299], patches: [[0, 0, 'xy']], takesIn: [] },
        { author: 0, parents: [300], patches: [[0, 2, '']], takesIn: [] },
      ],
    }
    expect(await merged(more, yjs)).toMatchObject(held)
    const figures = await merged(more, losing(3, 300))
    expect(figures).toMatchObject({ endContentMatches: true, hashesEqual: true, ok: false })
    expect(figures.failures).toEqual(['At replica 1 updates still wait for others.'])
  })
})

describe('what people see', async () => {
  const figures = await merged(firstOfConcurrent(friends, 1500), await openEngine('yjs'), { order: 'reversed' })

  test('[RE30] the table names the session, the engine, the order, the times and every check', () => {
    const table = renderMerge({ ...figures, writingSeconds: 1.25, deliverySeconds: 0.5 }, pc.createColors(false))
    expect(table).toMatch(/trace +friendsforever-concurrent, 1,500 transactions of 2 authors\n/)
    expect(table).toMatch(/engine +yjs\n/)
    expect(table).toMatch(/written +1\.25 s, /)
    expect(table).toMatch(/delivered +0\.50 s, the last first, to 1 fresh replica, 1,500 updates at a time, seed 1\n/)
    expect(table.match(/✓/g)).toHaveLength(3)
    expect(table).not.toMatch(/✗/)
  })

  test('[RE30] a failure is marked where it is, and listed', () => {
    const failed = { ...figures, endContentMatches: false, ok: false, failures: ['The text is another.'] }
    const table = renderMerge(failed, pc.createColors(false))
    expect(table).toMatch(/✗ every author and replica ends with the endContent/)
    expect(table).toMatch(/✓ their canonical hashes are equal/)
    expect(table).toMatch(/✗ The session does not merge:\n {2}- The text is another\.\n/)
  })

  test('[RE30] writing and each delivery are shown as they go on', async () => {
    const shown: MergeReport[] = []
    const show = async (report: MergeReport): Promise<void> => void shown.push(report)
    await mergeSession(threeAuthors, await openEngine('yjs'), { ...options, replicas: 2, chunk: 5 }, show)
    expect(shown).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((done) => ({ kind: 'writing', done, total: 8 })),
      ...[1, 2].flatMap((replica) => [0, 5].map((done) => ({ kind: 'delivering', replica, done, total: 8 }))),
    ])
  })
})

describe('orders', () => {
  const items = Array.from({ length: 200 }, (_, index) => index)
  const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)

  test('[RE31] each order delivers everything, doubled twice; the seed draws it, for each replica anew', () => {
    const draw = seededDraw(7)
    const [shuffled, again] = [arranged(items, 'shuffled', draw), arranged(items, 'shuffled', draw)]
    expect(arranged(items, 'causal', draw)).toEqual(items)
    expect(arranged(items, 'reversed', draw)).toEqual(items.toReversed())
    expect(sorted(shuffled)).toEqual(items)
    expect(again).not.toEqual(shuffled)
    expect(arranged(items, 'shuffled', seededDraw(7))).toEqual(shuffled)
    expect(arranged(items, 'shuffled', seededDraw(8))).not.toEqual(shuffled)
    expect(sorted(arranged(items, 'doubled', draw))).toEqual(items.flatMap((item) => [item, item]))
  })
})
