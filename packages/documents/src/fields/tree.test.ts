import { collection, register, tree } from '@rejoin/schema'
import type { Json, TreeDraft, TreeNode } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entity } from '../entity/entity.ts'
import { treeDepthMax } from '../places/forest.ts'
import { deliver, errorOf, foreign, registersOf, replica, share, Stamps, updatesOf } from '../replicas.test.helper.ts'
import { numeric, string } from '../schemas.test.helper.ts'

const outlines = collection('notes', { title: register(string), outline: tree(string), sizes: tree(numeric) })
type Outline = Entity<typeof outlines>
type Draft = TreeDraft<string, string>
type Ids = Readonly<Record<Name, string>>
type Name = 'a' | 'b' | 'c' | 'd' | 'e' | 'new' | 'self' | 'lonely' | 'x1' | 'x60' | 'y40' | 'y60'

/** `a(b c(d))`: the values, with what is below them in brackets. */
const text = (nodes: readonly TreeNode<string>[]): string =>
  nodes.map(({ value, children }) => (children.length === 0 ? value : `${value}(${text(children)})`)).join(' ')
const shown = (entity: Outline): string => text(entity.view().outline)

/** Ids by value. */
function idsOf(entity: Outline): Ids {
  const ids: Record<string, string> = {}
  const visit = ({ id, value, children }: TreeNode<string>): void => {
    ids[value] = id
    for (const child of children) visit(child)
  }
  for (const node of entity.view().outline) visit(node)
  return ids as Ids
}

const start = [
  { value: 'a', children: [{ value: 'b' }, { value: 'c', children: [{ value: 'd' }] }] },
  { value: 'e', children: [] },
]

function replicas(count: number): Outline[] {
  const stamps = new Stamps()
  const all = Array.from({ length: count }, (_, n) => replica(n + 1, { collection: outlines, stamps }).entity)
  const [first] = all
  if (first !== undefined) share(first.create({ outline: start }), ...all.slice(1))
  return all
}

/** Every replica edits without seeing the others', then all get all; gives what they show. */
function meanwhile(...edits: ((outline: Draft, ids: Ids) => unknown)[]): {
  readonly all: readonly Outline[]
  readonly shown: string
} {
  const all = replicas(edits.length)
  const ids = idsOf(all[0] ?? fail())
  const updates = edits.flatMap((edit, n) =>
    updatesOf((all[n] ?? fail()).edit('user', ({ outline }) => void edit(outline, ids))),
  )
  for (const entity of all) deliver(entity, updates)
  const [first = fail()] = all
  for (const entity of all) {
    expect(entity.canonical()).toBe(first.canonical())
    expect(entity.misfits()).toEqual([])
  }
  return { all, shown: shown(first) }
}

const edited = (entity: Outline, change: (outline: Draft, ids: Ids) => unknown): string => {
  const ids = idsOf(entity)
  updatesOf(entity.edit('user', ({ outline }) => void change(outline, ids)))
  return shown(entity)
}

describe('a tree', () => {
  test('[DO110] is made of nested values and shown as such', () => {
    const [entity = fail()] = replicas(1)
    expect(shown(entity)).toBe('a(b c(d)) e')
    const ids = idsOf(entity)
    updatesOf(
      entity.edit('user', ({ outline }) => {
        expect(outline.children(null)).toEqual([ids.a, ids.e])
        expect(outline.children(ids.a)).toEqual([ids.b, ids.c])
        expect([outline.children('a.0'), outline.children(ids.d)]).toEqual([[], []])
        expect((['a', 'd'] as const).map((name) => outline.parent(ids[name]))).toEqual([null, ids.c])
        expect([outline.parent('a.0'), outline.value('a.0'), outline.value(ids.d)]).toEqual([undefined, undefined, 'd'])
        expect(outline.nodes()).toEqual(entity.view().outline)
      }),
    )
  })

  test('[DO110] a node that is moved by two at once is in one place; the later move wins', () => {
    expect(
      meanwhile(
        (o, { d, e }) => o.move(d, e, 0),
        (o, { d, b }) => o.move(d, b, 0),
      ).shown,
    ).toBe('a(b(d) c) e')
    expect(
      meanwhile(
        (o, { d, c }) => (o.set(d, 'D'), o.move(d, null, 0), o.set(c, 'C')),
        (o, { d }) => o.set(d, 'x'),
      ).shown,
    ).toBe('x a(b C) e')
  })

  test('[DO110] a deletion wins over a move and over another value', () => {
    expect(
      meanwhile(
        (o, { a }) => o.delete(a),
        (o, { b, d, e }) => (o.move(d, e, 0), o.set(b, 'B')),
      ).shown,
    ).toBe('e')
    expect(
      meanwhile(
        (o, { b, d, e }) => (o.move(d, e, 0), o.set(b, 'B')),
        (o, { a }) => o.delete(a),
      ).shown,
    ).toBe('e')
  })

  test('[DO111] what is put under a node that is deleted meanwhile is shown at the top, until it is moved', () => {
    const { all, shown: before } = meanwhile(
      (o, { c }) => o.delete(c),
      (o, { c, b }) => (o.insert(c, 1, 'new'), o.move(b, c, 0)),
    )
    const [a = fail(), b = fail()] = all
    expect(before.split(' ').sort().join(' ')).toBe('a b e new')
    share(
      a.edit('user', ({ outline }) => {
        const ids = idsOf(a)
        outline.move(ids.new, ids.e, 0)
        expect(outline.insert(ids.new, 0, 'below')).not.toBe('')
        outline.move(ids.b, null, 2)
      }),
      b,
    )
    expect([shown(a), shown(b)]).toEqual(['a e(new(below)) b', 'a e(new(below)) b'])
  })

  test('[DO111] a cycle of concurrent moves is cut at the node that was put there first, on every replica', () => {
    expect(
      meanwhile(
        (o, { c, e }) => o.move(e, c, 0),
        (o, { a, e }) => o.move(a, e, 0),
      ).shown,
    ).toBe('c(e(a(b)) d)')
    expect(
      meanwhile(
        (o, { a, e }) => o.move(a, e, 0),
        (o, { c, e }) => o.move(e, c, 0),
      ).shown,
    ).toBe('c(e(a(b)) d)')
    const third = meanwhile(
      (o, { e, a }) => o.move(a, e, 0),
      (o, { c, e }) => (o.move(c, null, 0), o.move(e, c, 0)),
      (o, { c, b }) => o.move(c, b, 0),
    )
    expect(third.shown).toBe('b(c(e(a) d))')
    expect(
      meanwhile(
        (o, { a, e }) => o.move(a, e, 0),
        (o, { a, e }) => o.move(e, a, 0),
      ).shown,
    ).toBe('a(e b c(d))')
  })

  test('[DO114] who moves a node out of a cycle moves nothing else', () => {
    const { all } = meanwhile(
      (o, { a, e }) => o.move(a, e, 0),
      (o, { c, e }) => o.move(e, c, 0),
    )
    const [first = fail(), second = fail()] = all
    expect(shown(first)).toBe('c(e(a(b)) d)')
    share(
      first.edit('user', ({ outline }) => outline.move(idsOf(first).e, null, 0)),
      second,
    )
    expect([shown(first), shown(second)]).toEqual(['e(a(b)) c(d)', 'e(a(b)) c(d)'])
    // Also within what is shown below the cut.
    const other =
      meanwhile(
        (o, { a, e }) => o.move(a, e, 0),
        (o, { c, e }) => o.move(e, c, 0),
      ).all[0] ?? fail()
    expect(edited(other, (o, { a, d }) => o.move(a, d, 0))).toBe('c(e d(a(b)))')
  })

  test('[DO113] to move a node under itself, or anything to where it cannot be, is refused at the call', () => {
    const [entity = fail()] = replicas(1)
    const before = entity.canonical()
    const ids = idsOf(entity)
    const { a, b, d } = ids
    const wrong: ((outline: Draft) => unknown)[] = [
      (o) => o.move(a, a, 0),
      (o) => o.move(a, d, 0),
      (o) => o.move(a, 'a.0', 0),
      (o) => o.move('a.0', a, 0),
      (o) => o.move(b, a, 2),
      (o) => o.move(b, null, 3),
      (o) => o.move(b, null, -1),
      (o) => o.insert('a.0', 0, 'x'),
      (o) => o.insert(a, 3, 'x'),
      (o) => o.insert(a, 0, 7 as never),
      (o) => o.set('a.0', 'x'),
      (o) => o.set(a, 7 as never),
    ]
    for (const each of wrong)
      expect([String(each), errorOf(() => entity.edit('user', ({ outline }) => void each(outline))).kind]).toEqual([
        String(each),
        'bad-value',
      ])
    expect(updatesOf(entity.edit('user', ({ outline }) => (outline.delete('a.0'), outline.move(b, a, 0))))).toEqual([])
    expect(entity.canonical()).toBe(before)
  })

  test('[DO113] an index is where the node stands once it has been taken out', () => {
    const [entity = fail()] = replicas(1)
    expect(edited(entity, (o, { b, a }) => o.move(b, a, 1))).toBe('a(c(d) b) e')
    expect(edited(entity, (o, { e, a }) => o.move(e, a, 1))).toBe('a(c(d) e b)')
    expect(edited(entity, (o, { b, c }) => o.move(b, c, 1))).toBe('a(c(d b) e)')
    expect(edited(entity, (o, { a, c }) => (o.insert(c, 1, 'x'), o.insert(null, 0, 'y'), o.insert(a, 2, 'z')))).toBe(
      'y a(c(d x b) e z)',
    )
    expect(edited(entity, (o, { c }) => o.delete(c))).toBe('y a(e z)')
  })

  test('[DO50] a failed edit leaves nothing', () => {
    const [entity = fail()] = replicas(1)
    const before = entity.canonical()
    const failed = entity.edit('user', ({ outline }) => {
      const { a, d, e } = idsOf(entity)
      outline.move(d, e, 0)
      outline.set(d, 'D')
      outline.delete(a)
      outline.insert(e, 0, 'x')
      expect(text(outline.nodes())).toBe('e(x D)')
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect(entity.canonical()).toBe(before)
    expect(edited(entity, (o) => expect(text(o.nodes())).toBe('a(b c(d)) e'))).toBe('a(b c(d)) e')
  })

  test('[DO112] nothing is put deeper than the greatest depth, and what concurrent moves make deeper is at the top', () => {
    const [entity = fail()] = replicas(1)
    const chain = (count: number, name: string): object =>
      Array.from({ length: count }).reduce<object>(
        (child, _, n) => ({ value: `${name}${count - n}`, children: 'value' in child ? [child] : [] }),
        {},
      )
    const other = replica(9, { collection: outlines }).entity
    expect(errorOf(() => other.create({ outline: [chain(treeDepthMax + 1, 'x') as never] })).message).toContain(
      'treeDepthMax',
    )
    const cyclic = { value: 'x', children: [] as unknown[] }
    cyclic.children.push(cyclic)
    expect(errorOf(() => other.create({ outline: [cyclic as never] })).message).toContain('treeDepthMax')

    updatesOf(other.create({ outline: [chain(60, 'x'), chain(60, 'y')] as never }))
    const [peer] = [replica(8, { collection: outlines }).entity]
    deliver(peer, [{ ...registersOf('shared'), update: other.snapshot(registersOf('shared')), stamp: 0 }])
    const ids = idsOf(other)
    expect(errorOf(() => other.edit('user', ({ outline }) => outline.move(ids.x1, ids.y60, 0))).kind).toBe('bad-value')
    const moved = [
      ...updatesOf(other.edit('user', ({ outline }) => outline.move(ids.x1, ids.y40, 1))),
      ...updatesOf(peer.edit('user', ({ outline }) => void outline.insert(ids.x60, 0, 'below'))),
    ]
    for (const one of [other, peer]) {
      deliver(one, moved)
      expect(
        one
          .view()
          .outline.map(({ value }) => value)
          .sort(),
      ).toEqual(['below', 'y1'])
    }
    expect(other.canonical()).toBe(peer.canonical())
    expect(shown(entity)).toBe('a(b c(d)) e')
  })

  test('[DO105] nodes that do not fit are left out and listed, what is under them is at the top', () => {
    const [entity = fail()] = replicas(1)
    const { c } = idsOf(entity)
    const write = (key: string, value: Json): void =>
      deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append(key, 900, value))])
    write(`outline/${c}/v`, 7)
    write('outline/zz.1', ['lonely', 'zz.0', 'V.zz.V'])
    write('outline/zz.2', 'junk')
    write('outline/zz.3', ['self', 'zz.3', 'V.zz.W'])
    write('outline/zz.4/p', ['zz.3', 'V.a.V'])
    expect(shown(entity).split(' ').sort().join(' ')).toBe('a(b) d e lonely self')
    expect(new Set(entity.misfits().map(({ value }) => value))).toEqual(new Set([7, 'junk']))
    expect(edited(entity, (o, { self, lonely, b }) => (o.move(self, lonely, 0), o.move(b, self, 0)))).toContain(
      'lonely(self(b))',
    )
  })

  test('[DO103] an insertion or a move between two at one place, as a hostile client makes them, is where it should be', () => {
    const [entity = fail()] = replicas(1)
    const { a, e } = idsOf(entity)
    for (const n of [1, 2, 3])
      deliver(entity, [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`outline/h.${n}`, 5, [`h${n}`, e, 'V.h.V'])),
      ])
    expect(edited(entity, (o) => (o.insert(e, 1, 'x'), o.move(a, e, 3)))).toBe('e(h1 x h2 a(b c(d)) h3)')
  })

  test('[DO65] values are validated, and are the output of the schema', () => {
    const { entity } = replica(1, { collection: outlines })
    for (const [wrong, message] of [
      ['ab', 'Field outline: string is not an array.'],
      [['ab'], 'Field outline: a node is given as { value, children }.'],
      [[null], 'Field outline: a node is given as { value, children }.'],
      [[{ value: 'x', children: 'y' }], 'Field outline: string is not an array.'],
      [[{}], 'Field outline: undefined is not JSON.'],
    ] as const)
      expect(errorOf(() => entity.create({ outline: wrong as never })).message).toBe(message)
    updatesOf(entity.create({ sizes: [{ value: '12', children: [{ value: 3 }] }] }))
    expect(entity.view().sizes).toMatchObject([{ value: 12, children: [{ value: 3, children: [] }] }])
  })

  const step = fc.record({
    kind: fc.constantFrom('insert', 'insert', 'move', 'move', 'set', 'delete'),
    at: fc.nat(),
    to: fc.nat(),
    index: fc.nat(),
  })
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

  const known = (nodes: readonly TreeNode<string>[]): string[] =>
    nodes.flatMap(({ id, children }) => [id, ...known(children)])

  /** Does what it says if that can be done, and gives the ids it made and deleted. */
  function apply(outline: Draft, { kind, at, to, index }: Step): { readonly made: string[]; readonly gone: string[] } {
    const all = known(outline.nodes())
    const pick = (n: number): string | null =>
      n % (all.length + 1) === 0 ? null : (all[(n % (all.length + 1)) - 1] ?? null)
    const [node, parent] = [pick(at), pick(to)]
    const place = index % (outline.children(parent).length + 1)
    if (kind === 'insert') return { made: [outline.insert(parent, place, `${at}`)], gone: [] }
    if (node === null) return { made: [], gone: [] }
    if (kind === 'set') outline.set(node, `${to}`)
    if (kind === 'delete') {
      const find = (nodes: readonly TreeNode<string>[]): readonly TreeNode<string>[] =>
        nodes.flatMap((each) => (each.id === node ? [each] : find(each.children)))
      const gone = known(find(outline.nodes()))
      outline.delete(node)
      return { made: [], gone }
    }
    for (let above = parent; above !== null; above = outline.parent(above) ?? null)
      if (above === node) return { made: [], gone: [] }
    const siblings = outline.children(parent).filter((id) => id !== node).length
    if (kind === 'move') {
      outline.move(node, parent, index % (siblings + 1))
      expect(outline.children(parent)[index % (siblings + 1)]).toBe(node)
    }
    return { made: [], gone: [] }
  }

  test('[DO110] three that insert, move and delete at once end with the same tree, every node in it once', () => {
    const turn = fc.record({ who: fc.nat(2), edits: fc.array(step, { maxLength: 4 }), hears: fc.array(fc.nat(2)) })
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 25 }), (turns) => {
        const all = replicas(3)
        const [first = fail()] = all
        const made = new Set(known(first.view().outline))
        const gone = new Set<string>()
        const log: ReturnType<typeof updatesOf>[number][] = []
        const heard = [0, 0, 0]
        for (const { who, edits, hears } of turns) {
          const entity = all[who] ?? first
          let draft = ''
          const result = entity.edit('user', ({ outline }) => {
            for (const each of edits) {
              const done = apply(outline, each)
              for (const id of done.made) made.add(id)
              for (const id of done.gone) gone.add(id)
            }
            draft = text(outline.nodes())
          })
          log.push(...updatesOf(result))
          // What the draft showed step by step is what is read from the stored.
          expect(shown(entity)).toBe(draft)
          for (const other of hears) {
            const end = Math.max(heard[other] ?? 0, log.length - 2)
            deliver(all[other] ?? first, log.slice(heard[other] ?? 0, end))
            heard[other] = end
          }
        }
        for (const entity of all) deliver(entity, log)
        for (const entity of all) {
          expect(entity.canonical()).toBe(first.canonical())
          expect(entity.misfits()).toEqual([])
          expect(known(entity.view().outline).sort()).toEqual([...made].filter((id) => !gone.has(id)).sort())
        }
      }),
      { numRuns: 150 },
    )
  })

  test('[DO110] a thousand nodes are made, read and moved in a moment', () => {
    const { entity } = replica(1, { collection: outlines })
    const branch = (depth: number): object[] =>
      Array.from({ length: 10 }, (_, n) => ({ value: `${n}`, children: depth === 0 ? [] : branch(depth - 1) }))
    updatesOf(entity.create({ outline: branch(2) as never }))
    expect(known(entity.view().outline)).toHaveLength(1110)
    updatesOf(
      entity.edit('user', ({ outline }) => {
        const [target = '', ...others] = outline.children(null)
        const moved = others.flatMap((id) => outline.children(id))
        for (const id of moved) outline.move(id, target, 3)
        expect(outline.children(target)).toHaveLength(100)
      }),
    )
    expect(known(entity.view().outline)).toHaveLength(1110)
  })
})

const fail = (): never => {
  throw new Error('it is there')
}
