import type { Change, EngineDocument, Heir, Json, Update, WriteId } from '../engine.ts'
import { inherit } from '../history/heirs.ts'
import { chunks, sameContent, documentOf, expectEqual, law, stateAfter, updatesOf } from './case.ts'
import type { Case, Law } from './case.ts'
import { distinct } from './history.ts'
import type { Write } from './history.ts'

/** A client id that no history uses. */
const fresh = 7
const tried = 6

/** What an update did in terms of JSON, doing it again, taking it back. */
export const changeLaws: readonly Law[] = [
  law('[DO30] contested keys are those with two survivors or more', ({ engine, history, shuffle, number }) => {
    const document = engine.create()
    const { registers } = document
    for (const chunk of chunks(shuffle(updatesOf(history)), number)) {
      document.apply(chunk)
      const counted = [...registers.keys()].filter((key) => registers.survivors(key).length > 1)
      expectEqual(JSON.stringify([...registers.contested()].sort()), JSON.stringify(counted.sort()))
    }
  }),
  law('[DO31] what an update did is told alike as it is made and from its bytes, however these come', (input) => {
    const { engine, shuffle } = input
    for (const { update, before, changes } of some(input)) {
      const updates = before.map((write) => write.update)
      const told = JSON.stringify(changes)
      expectEqual(JSON.stringify(engine.changes(updates, update)), told)
      expectEqual(JSON.stringify(engine.changes([documentOf(engine, updates).snapshot()], update)), told)
      expectEqual(JSON.stringify(engine.changes(shuffle(updates), engine.squash([update]))), told)
      expectEqual(JSON.stringify(engine.changes([...updates, update], update)), '[]')
      if (changes.length > 0) continue
      expectEqual(stateAfter(engine, [...updates, update]), stateAfter(engine, updates))
    }
  }),
  law('[DO33] making changes again has the effect of the update, for those who get it too', (input) => {
    const { engine, history, number, shuffle } = input
    const all = shuffle(updatesOf(history))
    const known = all.slice(0, number(all.length + 1))
    const whole = documentOf(engine, all).snapshot()
    const steps = some(input).map(({ update, before }) => ({ update, before: before.map((write) => write.update) }))
    for (const { update, before } of [...steps, { update: whole, before: known }]) {
      // What waits in `known` and what comes free by the update, is of the update.
      const expected = documentOf(engine, before)
      const other = documentOf(engine, [expected.snapshot()])
      const changes = engine.changes(before, update)
      const again = redone(documentOf(engine, before), changes)
      expected.apply([update])
      expectEqual(sameContent(again.document), sameContent(expected))
      other.apply(again.updates)
      expectEqual(sameContent(other), sameContent(again.document))
    }
  }),
  law('[DO33] the changes of many updates are made again as one list', (input) => {
    const { engine } = input
    const { changes, end } = story(input)
    expectEqual(sameContent(redone(engine.create(), changes).document), sameContent(end))
  }),
  law('[DO34] changes that do not stand alone are not made again, and nothing changes', (input) => {
    const { engine, number } = input
    for (const { changes, before } of some(input)) {
      const updates = before.map((write) => write.update).filter(() => number(3) > 0)
      const document = documentOf(engine, updates)
      const isTold = changes.every(({ root }) => root !== 'untold')
      const alone = isTold && namedBy(changes).every(({ client, clock }) => clock < document.clientClock(client))
      const state = sameContent(document)
      const standing = document.standAlone(changes)
      document.setClient(fresh)
      let heirs: readonly Heir[] | undefined
      const update = document.transact(() => (heirs = document.redo(changes)))
      expectEqual(standing, alone)
      expectEqual(heirs !== undefined, alone)
      if (alone) continue
      expectEqual(update, undefined)
      expectEqual(sameContent(document), state)
    }
  }),
  law('[DO35] changes taken back at once leave everything as it was', (input) => {
    const { engine } = input
    for (const { update, before } of some(input)) {
      const document = documentOf(
        engine,
        before.map((write) => write.update),
      )
      const was = valuesOf(document)
      const changes = engine.changes([document.snapshot()], update)
      document.apply([update])
      reverted(document, changes)
      expectEqual(valuesOf(document), was)
    }
    const { changes, end } = story(input)
    reverted(end, changes)
    expectEqual(valuesOf(end), valuesOf(engine.create()))
  }),
  law(
    '[DO36] taking back leaves what others wrote as it is, and everything in its place',
    (input) => {
      const { engine, history } = input
      for (const { changes } of some(input)) {
        const document = documentOf(engine, updatesOf(history))
        const own = new Set(changes.flatMap(madeBy))
        const removed = new Set(changes.flatMap(removedBy))
        const others = contentWithout(document, [own, removed])
        const { told } = reverted(document, changes)
        expectEqual(contentWithout(document, [own, removed]), others)
        expectEqual(JSON.stringify(told.flatMap(madeBy).filter((each) => !removed.has(each))), '[]')
        expectEqual(JSON.stringify(told.flatMap(removedBy).filter((each) => !own.has(each))), '[]')
        for (const { before } of some(input)) expectSameOrder(document, documentOf(engine, updatesBefore(before)))
        for (const key of document.registers.keys()) {
          const clients = document.registers.survivors(key).map(({ client }) => client)
          if (clients.includes(fresh) && clients.some((client) => client !== fresh))
            throw new Error(`a value of ${key} came back beside one of others`)
        }
      }
    },
    distinct,
  ),
  law(
    '[DO37] undoing all that one replica did, step by step, takes away all of it, and redoing brings the text back',
    ({ engine, history, number }) => {
      const own = history.writes.filter(({ replica }) => replica === 0)
      let document = documentOf(engine, updatesOf(history))
      const before = JSON.stringify([document.text.read(), document.list.read()])
      const undo = own.map((write) => write.changes)
      const redo: (readonly Change[])[] = []
      const empty = (from: (readonly Change[])[], to: (readonly Change[])[]): void => {
        for (let last = from.pop(); last !== undefined; last = from.pop()) {
          const { heirs, told } = reverted(document, last)
          for (const stack of [from, to]) stack.forEach((each, i) => (stack[i] = inherit(each, heirs)))
          to.push(told)
          // Names passed on, a second time does nothing.
          expectEqual(reverted(document, inherit(last, heirs)).update, undefined)
          if (number(4) === 0) document = documentOf(engine, [document.snapshot()])
        }
      }
      empty(undo, redo)
      const mine = new Set(own.flatMap(({ changes }) => changes.flatMap(madeBy)))
      expectEqual(JSON.stringify(contentsOf(document).filter((each) => mine.has(each))), '[]')
      empty(redo, undo)
      expectEqual(JSON.stringify([document.text.read(), document.list.read()]), before)
    },
    distinct,
  ),
]

/** A few writes of a history. */
function some({ history, shuffle }: Case): readonly Write[] {
  return shuffle(history.writes).slice(0, tried)
}

const updatesBefore = (before: readonly Write[]): readonly Update[] => before.map((write) => write.update)

/** A history as a few steps and the list of what they did. */
function story({ engine, history, number }: Case): { changes: readonly Change[]; end: EngineDocument } {
  const end = engine.create()
  const changes: Change[] = []
  for (const chunk of chunks(updatesOf(history), number)) {
    const before = end.snapshot()
    end.apply(chunk)
    changes.push(...engine.changes([before], end.snapshot()))
  }
  return { changes, end }
}

interface Done {
  readonly document: EngineDocument
  readonly updates: readonly Update[]
}

function redone(document: EngineDocument, changes: readonly Change[]): Done {
  document.setClient(fresh)
  const update = document.transact(() => {
    if (document.redo(changes.filter(({ root }) => root !== 'untold')) === undefined)
      throw new Error('the changes do not stand alone')
  })
  return { document, updates: update === undefined ? [] : [update] }
}

interface Reverted {
  readonly heirs: readonly Heir[]
  readonly told: readonly Change[]
  readonly update: Update | undefined
}

function reverted(document: EngineDocument, changes: readonly Change[]): Reverted {
  document.setClient(fresh)
  let heirs: readonly Heir[] = []
  let told: readonly Change[] = []
  const update = document.transact(
    () => (heirs = document.revert(changes, () => 100)),
    (changes) => (told = changes),
  )
  return { heirs, told, update }
}

/** The content without stamps, which taking back gives anew. */
function valuesOf({ text, list, registers }: EngineDocument): string {
  const survivors = [...registers.keys()].sort().map((key) => [
    key,
    registers
      .survivors(key)
      .map(({ value }) => JSON.stringify(value))
      .sort(),
  ])
  return JSON.stringify([text.read(), list.read(), survivors])
}

/** What is read of a document, each unit and value by itself. */
function contentsOf({ text, list, registers }: EngineDocument): readonly string[] {
  const survivors = [...registers.keys()].sort().flatMap((key) => registers.survivors(key))
  return [
    ...[...text.read()].map((unit) => contentName('text', unit)),
    ...list.read().map((value) => contentName('list', value)),
    ...survivors.map(({ value }) => contentName('registers', value)),
  ]
}

const contentWithout = (document: EngineDocument, without: readonly ReadonlySet<string>[]): string =>
  JSON.stringify(contentsOf(document).filter((each) => !without.some((some) => some.has(each))))

function madeBy(change: Change): readonly string[] {
  if (change.root === 'registers')
    return change.wrote === undefined ? [] : [contentName('registers', change.wrote.value)]
  return 'insert' in change ? [...change.insert].map((each) => contentName(change.root, each)) : []
}

function removedBy(change: Change): readonly string[] {
  if (change.root === 'registers') return change.removed.map(({ value }) => contentName('registers', value))
  return 'delete' in change ? [...change.delete].map((each) => contentName(change.root, each)) : []
}

const contentName = (root: Change['root'], content: Json): string => `${root} ${JSON.stringify(content)}`

/** What both hold, they hold in one order. */
function expectSameOrder(one: EngineDocument, other: EngineDocument): void {
  for (const root of ['text', 'list'] as const) {
    const [first, second] = [[...one[root].read()], [...other[root].read()]]
    const inOne = new Set(first)
    const inOther = new Set(second)
    expectEqual(
      JSON.stringify(first.filter((each) => inOther.has(each))),
      JSON.stringify(second.filter((each) => inOne.has(each))),
    )
  }
}

/** Where the last character or value starts: the second half of a pair has an id in some engines only. */
function startOfLast(content: string | readonly Json[]): number {
  const last = typeof content === 'string' ? ([...content].at(-1) ?? '') : 'x'
  return content.length - last.length
}

/** The elements that changes name and do not make themselves; of a run, the last. */
function namedBy(changes: readonly Change[]): readonly WriteId[] {
  const made = new Set<string>()
  const named: WriteId[] = []
  for (const change of changes) {
    if (change.root === 'registers') named.push(...change.removed)
    else if (change.root === 'untold') continue
    else if ('delete' in change) named.push({ ...change.id, clock: change.id.clock + startOfLast(change.delete) })
    else {
      if (change.after !== null) named.push(change.after)
      for (let i = 0; i < change.insert.length; i++) made.add(`${change.id.client}.${change.id.clock + i}`)
    }
  }
  return named.filter(({ client, clock }) => !made.has(`${client}.${clock}`))
}
