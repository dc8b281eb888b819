import type { EngineDocument, Update } from '../../engine.ts'
import { documentOf } from '../case.ts'
import type { Law } from '../case.ts'
import { stateOf } from '../state.ts'
import { example, expectRefused, expectSame, kindOf, typed, writable, write } from './example.ts'

const fail = (): never => {
  throw new Error('of the caller')
}

/** What happens when a document is changed. */
export const changingLaws: readonly Law[] = [
  example('[DO13] a change returns its own update, and nothing if it changed nothing', (engine) => {
    const document = writable(engine)
    expectSame(
      document.transact(() => undefined),
      undefined,
    )
    expectSame(
      document.transact(() => document.registers.remove('nothing')),
      undefined,
    )
    const theirs = typed(writable(engine, 2), 'theirs')
    document.apply([theirs])
    const { update } = write(document, () => document.text.insert(0, 'mine'))
    expectSame(engine.encodings.includes(update.encoding), true)
    expectSame(engine.encodings.includes(document.snapshot().encoding), true)
    expectSame(documentOf(engine, [theirs, update]).text.read(), 'minetheirs')
    expectSame(documentOf(engine, [update]).text.read().includes('theirs'), false)
  }),
  example('[DO13] changes of different documents nest; within one document the outermost returns all', (engine) => {
    const [one, other] = [writable(engine), writable(engine)]
    let inner: Update | undefined
    let nested: Update | undefined
    const { update } = write(one, () => {
      one.text.insert(0, 'a')
      inner = write(other, () => other.text.insert(0, 'x')).update
      nested = one.transact(() => one.text.insert(1, 'b'))
    })
    expectSame(nested, undefined)
    expectSame(documentOf(engine, [update]).text.read(), 'ab')
    expectSame(documentOf(engine, inner === undefined ? [] : [inner]).text.read(), 'x')
  }),
  example('[DO14] what a change wrote is read inside it', (engine) => {
    const document = writable(engine)
    const { registers, text, list } = document
    const values = (): unknown => registers.survivors('title').map(({ stamp, value }) => [stamp, value])
    write(document, () => {
      registers.append('title', 5, 'first')
      expectSame(values(), [[5, 'first']])
      registers.append('title', 4, 'second')
      expectSame(values(), [
        [4, 'second'],
        [5, 'first'],
      ])
      expectSame([...registers.contested()], ['title'])
      registers.remove('title')
      expectSame([...registers.keys(), ...registers.contested()], [])
      registers.append('title', 6, 'third')
      text.insert(0, 'tet')
      text.insert(2, 'x')
      text.delete(3, 1)
      expectSame([text.read(), text.length], ['tex', 3])
      list.insert(0, [1, 3])
      list.insert(1, [2])
      list.delete(0, 1)
      expectSame([list.read(), list.length], [[2, 3], 2])
    })
    expectSame([values(), text.read(), list.read()], [[[6, 'third']], 'tex', [2, 3]])
  }),
  example('[DO14] survivors that were read stay as they were read', (engine) => {
    const document = writable(engine)
    write(document, () => document.registers.append('title', 1, 'old'))
    const before = document.registers.survivors('title')
    write(document, () => {
      document.registers.append('title', 2, 'beside')
      document.registers.remove('title')
    })
    expectSame(
      before.map(({ value }) => value),
      ['old'],
    )
  }),
  example('[DO15] roots change inside transact only, which needs a client id, and apply runs outside', (engine) => {
    const document = writable(engine)
    expectRefused(() => document.text.insert(0, 'x'), 'inside transact')
    expectRefused(() => document.list.insert(0, [1]), 'inside transact')
    expectRefused(() => document.registers.append('k', 1, 1), 'inside transact')
    expectRefused(() => document.transact(() => document.apply([])), 'not inside transact')
    expectRefused(() => engine.create().transact(() => undefined), 'setClient')
  }),
  example('[DO15] a change that throws half-way spends the document; one that throws at once does not', (engine) => {
    const document = writable(engine)
    expectRefused(() => document.transact(fail), 'of the caller')
    typed(document, 'still usable')
    const halfWay = (): void => {
      document.text.insert(0, 'lost')
      fail()
    }
    expectRefused(() => document.transact(halfWay), 'of the caller')
    expectRefused(() => typed(document, 'more'), 'spent')
    expectRefused(() => document.snapshot(), 'spent')
    document.dispose()
  }),
  example('[DO16] operations of others under our client id stop us until we take another', (engine) => {
    const document = writable(engine, 7)
    typed(document, 'a')
    document.apply([typed(writable(engine, 8), 'b')])
    document.apply([documentOf(engine, [document.snapshot()]).snapshot()])
    typed(document, 'our own coming back is no harm')
    const twin = writable(engine, 7, document.snapshot())
    document.apply([typed(twin, 'from the twin')])
    expectSame(
      kindOf(() => typed(document, 'c')),
      'client-id-taken',
    )
    document.setClient(9)
    typed(document, 'c')
    expectSame(document.clientId, 9)
  }),
  example('[DO39] changes are told once the outermost call is done, to everyone who asked in it', (engine) => {
    const document = writable(engine)
    const told: unknown[] = []
    const update = document.transact(
      () => {
        document.text.insert(0, 'a')
        document.transact(
          () => document.text.insert(1, 'b'),
          (changes) => told.push(changes),
        )
        expectSame(told, [])
      },
      (changes) => {
        told.push(changes)
        document.snapshot()
      },
    )
    const changes = update && engine.changes([], update)
    expectSame(told, [changes, changes])
  }),
  example('[DO39] an error of the one who asked spends the document as an error of the change does', (engine) => {
    const document = writable(engine)
    expectRefused(() => document.transact(() => undefined, fail), 'of the caller')
    expectRefused(() => document.transact(() => document.text.insert(0, 'a'), fail), 'of the caller')
    expectRefused(() => document.snapshot(), 'spent')
  }),
  example('[DO39] changes are made again and taken back inside transact only', (engine) => {
    const document = writable(engine)
    expectRefused(() => document.redo([]), 'inside transact')
    expectRefused(() => document.revert([], () => 1), 'inside transact')
  }),
  example('[DO6] a client has as many operations as its clock says, also of a document that was loaded', (engine) => {
    const document = writable(engine, 5)
    expectSame([document.clientClock(5), document.clientClock(6)], [0, 0])
    typed(document, 'abc')
    const clock = document.clientClock(5)
    typed(document, 'd')
    const clocks = (each: EngineDocument): unknown => [each.clientClock(5) > clock, each.clientClock(6)]
    expectSame(clocks(document), [true, 0])
    const loaded = documentOf(engine, [document.snapshot()])
    expectSame([clocks(loaded), loaded.clientClock(5)], [[true, 0], document.clientClock(5)])
    expectSame(stateOf(loaded), stateOf(document))
  }),
]
