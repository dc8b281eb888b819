import { collection, movableList, register } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entity } from '../entity/entity.ts'
import {
  deliver,
  errorOf,
  foreign,
  id as entity1,
  registersOf,
  replica,
  share,
  snapshotsOf,
  Stamps,
  updatesOf,
} from '../replicas.test.helper.ts'
import { numeric, string } from '../schemas.test.helper.ts'
import { viewOf } from '../view/view.ts'
import { yjs } from '../yjs/index.ts'

const boards = collection('notes', {
  title: register(string),
  items: movableList(string),
  sizes: movableList(numeric),
  any: movableList(),
})
type Board = Entity<typeof boards>

function two(items: readonly string[]): [Board, Board] {
  const stamps = new Stamps()
  const [a, b] = [replica(1, { collection: boards, stamps }), replica(2, { collection: boards, stamps })]
  share(a.entity.create({ items: [...items] }), b.entity)
  return [a.entity, b.entity]
}

/** Both edit without seeing the other's, then both get both. */
function meanwhile(a: Board, b: Board, ours: Parameters<Board['edit']>[1], theirs: Parameters<Board['edit']>[1]): void {
  const [first, second] = [updatesOf(a.edit('user', ours)), updatesOf(b.edit('user', theirs))]
  deliver(a, second)
  deliver(b, first)
  expect(b.canonical()).toBe(a.canonical())
}

const idsOf = (board: Board): readonly string[] => {
  let ids: readonly string[] = []
  board.edit('user', ({ items }) => (ids = items.ids()))
  return ids
}

const writeRegister = (board: Board, key: string, value: Json, stamp = 900): void =>
  deliver(board, [foreign(registersOf('shared'), ({ registers }) => registers.append(key, stamp, value))])

describe('a movable list', () => {
  test('[DO104] an item that is moved by two at once is in one place, and nothing is lost', () => {
    const [a, b] = two(['1', '2', '3', '4'])
    meanwhile(
      a,
      b,
      ({ items }) => items.move(0, 3),
      ({ items }) => items.move(0, 2),
    )
    // The later one wins.
    expect(a.view().items).toEqual(['2', '3', '1', '4'])
  })

  test('[DO104] a deletion wins over a move and over another value, whichever comes first', () => {
    const [a, b] = two(['1', '2', '3'])
    meanwhile(
      a,
      b,
      ({ items }) => items.delete(0, 2),
      ({ items }) => (items.move(0, 2), items.set(2, 'changed'), items.set(0, 'changed too')),
    )
    expect([a.view().items, a.misfits(), b.misfits()]).toEqual([['3'], [], []])
    meanwhile(
      a,
      b,
      ({ items }) => (items.set(0, 'changed'), items.push('4')),
      ({ items }) => items.delete(0),
    )
    expect([a.view().items, a.misfits()]).toEqual([['4'], []])
  })

  test('[DO104] a deletion leaves nothing of what it saw', () => {
    const [a] = two(['1', '2'])
    const [first = ''] = idsOf(a)
    updatesOf(a.edit('user', ({ items }) => (items.move(first, 1), items.set(first, 'changed'))))
    updatesOf(a.edit('user', ({ items }) => items.delete(first)))
    expect(a.view().items).toEqual(['2'])
    for (const aspect of ['', '/v', '/p']) expect(a.canonical()).not.toContain(`"items/${first}${aspect}"`)
  })

  test('[DO104] a move and another value do not disturb each other; of two values the last is shown', () => {
    const [a, b] = two(['1', '2', '3'])
    const before = idsOf(a)
    meanwhile(
      a,
      b,
      ({ items }) => (items.move(2, 0), items.set(2, 'mine')),
      ({ items }) => (items.set(2, 'edited'), items.set(1, 'theirs')),
    )
    expect(a.view().items).toEqual(['edited', '1', 'theirs'])
    expect(idsOf(a)).toEqual([before[2], before[0], before[1]])
  })

  test('[DO101] what two type at one place does not interleave', () => {
    for (const [forwards, backwards] of [
      [true, true],
      [true, false],
      [false, false],
    ]) {
      const [a, b] = two(['first', 'last'])
      const type = (board: Board, name: string, ahead: boolean | undefined) =>
        [1, 2, 3, 4].flatMap((n) =>
          updatesOf(board.edit('user', ({ items }) => items.insert(ahead ? n : 1, `${name}${n}`))),
        )
      const [ours, theirs] = [type(a, 'a', forwards), type(b, 'b', backwards)]
      deliver(a, theirs)
      deliver(b, ours)
      expect(b.view()).toEqual(a.view())
      expect(['aaaabbbb', 'bbbbaaaa']).toContain(
        a
          .view()
          .items.slice(1, -1)
          .map((each) => each[0])
          .join(''),
      )
    }
  })

  const step = fc.record({
    kind: fc.constantFrom('insert', 'push', 'set', 'move', 'delete'),
    at: fc.nat(),
    to: fc.nat(),
    count: fc.nat(3),
    byId: fc.boolean(),
    ends: fc.boolean(),
  })

  test('[DO106] it is an array under its edits, within an edit and over edits', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { entity } = replica(1, { collection: boards })
        const model: { id: string; value: string }[] = []
        for (let next = 0; next < steps.length;) {
          const result = entity.edit('user', ({ items }) => {
            for (let ended = false; next < steps.length && !ended; next++) {
              const { kind, at, to, count, byId, ends } = steps[next] ?? fail()
              const index = at % (model.length + (kind === 'insert' ? 1 : 0) || 1)
              const item = byId ? (model[index]?.id ?? 'a.0') : index
              const values = Array.from({ length: count }, (_, n) => `${next}:${n}`)
              if (kind === 'insert' || kind === 'push') {
                const ids = kind === 'push' ? items.push(...values) : items.insert(index, ...values)
                const made = values.map((value, n) => ({ id: ids[n] ?? '', value }))
                model.splice(kind === 'push' ? model.length : index, 0, ...made)
              } else if (model.length > 0 && kind === 'set') {
                items.set(item, `${next}`)
                model[index] = { id: model[index]?.id ?? '', value: `${next}` }
              } else if (model.length > 0 && kind === 'move') {
                items.move(item, to % model.length)
                model.splice(to % model.length, 0, ...model.splice(index, 1))
              } else if (model.length > 0) {
                const run = Math.min(count, model.length - index)
                items.delete(item, run)
                model.splice(index, run)
              }
              expect(items.values()).toEqual(model.map(({ value }) => value))
              expect(items.ids()).toEqual(model.map(({ id }) => id))
              expect([items.length, items.get(index)]).toEqual([model.length, model[index]?.value])
              for (const [n, { id }] of model.entries()) expect(items.indexOf(id)).toBe(n)
              ended = ends
            }
          })
          updatesOf(result)
          expect(entity.view().items).toEqual(model.map(({ value }) => value))
          expect(new Set(model.map(({ id }) => id)).size).toBe(model.length)
        }
        expect(viewOf(boards, entity1, yjs, snapshotsOf(entity, boards))?.items ?? []).toEqual(
          entity.exists() ? entity.view().items : [],
        )
      }),
      { numRuns: 150 },
    )
  })

  test('[DO104] three that move, edit, insert and delete at once end with the same items, each once', () => {
    const turn = fc.record({ who: fc.nat(2), edits: fc.array(step, { maxLength: 3 }), hears: fc.array(fc.nat(2)) })
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 25 }), (turns) => {
        const stamps = new Stamps()
        const all = [1, 2, 3].map((n) => replica(n, { collection: boards, stamps }).entity)
        const [first] = all as [Board]
        share(first.create({ items: ['x', 'y', 'z'] }), ...all.slice(1))
        const log: ReturnType<typeof updatesOf>[number][] = []
        const heard = [0, 0, 0]
        const made = new Set<string>(idsOf(first))
        const deleted = new Set<string>()
        for (const { who, edits, hears } of turns) {
          const board = all[who] ?? first
          const result = board.edit('user', ({ items }) => {
            for (const { kind, at, to } of edits) {
              const index = at % (items.length || 1)
              if (kind === 'insert') for (const id of items.insert(index, `${at}`)) made.add(id)
              else if (kind === 'push') for (const id of items.push(`${at}`)) made.add(id)
              else if (items.length === 0) continue
              else if (kind === 'set') items.set(index, `${to}`)
              else if (kind === 'move') items.move(index, to % items.length)
              else {
                deleted.add(items.ids()[index] ?? '')
                items.delete(index)
              }
            }
          })
          log.push(...updatesOf(result))
          for (const other of hears) {
            const end = Math.max(heard[other] ?? 0, log.length - 2)
            deliver(all[other] ?? first, log.slice(heard[other] ?? 0, end))
            heard[other] = end
          }
        }
        for (const board of all) deliver(board, log)
        for (const board of all) {
          expect(board.canonical()).toBe(first.canonical())
          expect(board.misfits()).toEqual([])
          expect([...idsOf(board)].sort()).toEqual([...made].filter((id) => !deleted.has(id)).sort())
        }
      }),
      { numRuns: 100 },
    )
  })

  test('[DO107] ids are never used twice, also when an edit drops some that it made', () => {
    const { entity } = replica(1, { collection: boards })
    const ids: string[] = []
    updatesOf(
      entity.edit('user', ({ items }) => {
        const [dropped = '', ...kept] = items.push('a', 'b', 'c')
        items.delete(dropped)
        ids.push(...kept)
      }),
    )
    for (let n = 0; n < 4; n++) updatesOf(entity.edit('user', ({ items }) => ids.push(...items.push('d'))))
    expect(idsOf(entity)).toEqual(ids)
    expect(new Set(ids).size).toBe(6)
    expect(entity.view().items).toEqual(['b', 'c', 'd', 'd', 'd', 'd'])
  })

  test('[DO106] indexes and ids that are not there are refused at the call, but to delete what is gone is done', () => {
    const { entity } = replica(1, { collection: boards })
    updatesOf(entity.create({ items: ['x', 'y'] }))
    const before = entity.canonical()
    const wrong: Parameters<Board['edit']>[1][] = [
      ({ items }) => items.insert(3, 'z'),
      ({ items }) => items.insert(0.5, 'z'),
      ({ items }) => items.set(2, 'z'),
      ({ items }) => items.set('a.0', 'z'),
      ({ items }) => items.move(0, 2),
      ({ items }) => items.move(-1, 0),
      ({ items }) => items.move('a.0', 0),
      ({ items }) => items.delete(1, 2),
      ({ items }) => items.delete(-1),
      ({ items }) => items.push('z', 7 as never),
    ]
    for (const each of wrong)
      expect([String(each), errorOf(() => entity.edit('user', each)).kind]).toEqual([String(each), 'bad-value'])
    expect(updatesOf(entity.edit('user', ({ items }) => items.delete('a.0')))).toEqual([])
    expect(updatesOf(entity.edit('user', ({ items }) => items.move(1, 1)))).toEqual([])
    expect(entity.canonical()).toBe(before)
  })

  test('[DO50] a failed edit leaves nothing', () => {
    const { entity } = replica(1, { collection: boards })
    updatesOf(entity.create({ items: ['x', 'y', 'z'] }))
    const before = entity.canonical()
    const failed = entity.edit('user', ({ items }) => {
      items.move(0, 2)
      items.set(0, 'w')
      items.delete(1)
      items.push('v')
      expect(items.values()).toEqual(['w', 'x', 'v'])
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.canonical()).toBe(before)
    updatesOf(entity.edit('user', ({ items }) => expect(items.values()).toEqual(['x', 'y', 'z'])))
  })

  test('[DO65] values are validated, are the output of the schema, and may be as deep as any', () => {
    const { entity } = replica(1, { collection: boards })
    let deep: Json = 1
    for (let n = 0; n < 64; n++) deep = [deep]
    updatesOf(
      entity.edit('user', ({ sizes, any }) => {
        sizes.push('12', 3)
        sizes.set(1, '4')
        expect(sizes.values()).toEqual([12, 4])
        any.push(deep, null)
        any.set(1, deep)
      }),
    )
    expect(entity.view()).toMatchObject({ sizes: [12, 4], any: [deep, deep] })
    expect(entity.misfits()).toEqual([])
    expect(errorOf(() => entity.create({ items: 'ab' as never })).message).toBe('Field items: string is not an array.')
    expect(errorOf(() => entity.edit('user', ({ any }) => any.push([deep]))).kind).toBe('bad-value')
  })

  test('[DO105] items that do not fit are left out and listed; indexes are those of the others', () => {
    const [a] = two(['x', 'y'])
    const [x = '', y = ''] = idsOf(a)
    writeRegister(a, 'items/zz.1', ['between', 'V.zz.V'])
    writeRegister(a, 'items/zz.2', [7, 'V.zz.W'])
    writeRegister(a, `items/${x}/v`, 8)
    writeRegister(a, `items/${y}/p`, 'nowhere')
    writeRegister(a, 'items/zz.3', 'junk')
    writeRegister(a, 'items/zz.4/v', 'of an item that is gone')
    expect(a.view().items).toEqual(expect.arrayContaining(['y', 'between']))
    expect(a.view().items).toHaveLength(2)
    expect(new Set(a.misfits().map(({ value }) => value))).toEqual(new Set([7, 8, 'nowhere', 'junk']))
    updatesOf(
      a.edit('user', ({ items }) => {
        items.insert(1, 'middle')
        items.move(0, 2)
      }),
    )
    const [first, , third] = a.view().items
    expect([first, new Set(a.view().items), third === 'middle']).toEqual([
      'middle',
      new Set(['y', 'middle', 'between']),
      false,
    ])
    // A value that fits shows the item again.
    writeRegister(a, `items/${x}/v`, 'back', 901)
    expect(a.view().items).toContain('back')
  })

  test('[DO103] an insertion between two at one place, as a hostile client makes them, is where it should be', () => {
    const [a, b] = two([])
    for (const n of [1, 2, 3]) {
      const update = foreign(registersOf('shared'), ({ registers }) =>
        registers.append(`items/h.${n}`, 5, [`h${n}`, 'V.h.V']),
      )
      deliver(a, [update])
      deliver(b, [update])
    }
    share(
      a.edit('user', ({ items }) => {
        items.insert(1, 'one')
        items.insert(3, 'two', 'three')
      }),
      b,
    )
    expect(a.view().items).toEqual(['h1', 'one', 'h2', 'two', 'three', 'h3'])
    expect(b.canonical()).toBe(a.canonical())
  })

  test('[DO103] a thousand insertions into the middle of the middle stay in order, in short positions', () => {
    const { entity } = replica(1, { collection: boards })
    const model: string[] = []
    for (let n = 0; n < 1000; n++) {
      updatesOf(entity.edit('user', ({ items }) => items.insert(model.length >> 1, `${n}`)))
      model.splice(model.length >> 1, 0, `${n}`)
    }
    expect(entity.view().items).toEqual(model)
    expect(entity.misfits()).toEqual([])
  })
})

const fail = (): never => {
  throw new Error('no such step')
}
