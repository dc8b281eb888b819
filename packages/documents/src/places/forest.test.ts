import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../engine.ts'
import { Forest, treeDepthMax } from './forest.ts'
import { nodesOf } from './nodes.ts'
import type { Node } from './nodes.ts'
import { sourceOf } from './source.test.helper.ts'

const nameOf = (n: number): string => `a.${n.toString(36)}`
const nodeOf = (n: number, parent: string | null, more?: Partial<Node>): Node => ({
  id: nameOf(n),
  value: n,
  parent,
  position: 'V.a.V',
  stamp: 1,
  ...more,
})

/** Everything in the order in which it is shown, with its depth; loops for ever if there is a cycle. */
function shown(forest: Forest): { readonly id: string; readonly depth: number }[] {
  const rows: { id: string; depth: number }[] = []
  const waiting = forest
    .children(null)
    .map(({ id }) => ({ id, depth: 1 }))
    .reverse()
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    const { id, depth } = row
    rows.push(row)
    waiting.push(
      ...forest
        .children(id)
        .map((child) => ({ id: child.id, depth: depth + 1 }))
        .reverse(),
    )
  }
  return rows
}

/** Nodes with parents among themselves, mostly, whatever that closes. */
const nodes = fc
  .integer({ min: 0, max: 25 })
  .chain((count) =>
    fc.array(
      fc.record({
        parent: fc.integer({ min: -1, max: count }),
        position: fc.constantFrom('V.a.V', 'V.a.W', 'V.b.V'),
        stamp: fc.nat(2),
      }),
      { minLength: count, maxLength: count },
    ),
  )
  .map((all) =>
    all.map(({ parent, position, stamp }, n) => nodeOf(n, parent < 0 ? null : nameOf(parent), { position, stamp })),
  )

describe('a forest', () => {
  test('[DO110] shows every node exactly once, in the same place whatever the order it came in', () => {
    fc.assert(
      fc.property(
        nodes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const [forest, other] = [new Forest(all), new Forest(shuffled)]
          expect(
            shown(forest)
              .map(({ id }) => id)
              .sort(),
          ).toEqual(all.map(({ id }) => id).sort())
          expect(shown(other)).toEqual(shown(forest))
          for (const { id } of all) {
            expect(forest.children(forest.parent(id)).map((child) => child.id)).toContain(id)
            expect(forest.path(id)).toHaveLength(shown(forest).find((row) => row.id === id)?.depth ?? 0)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('[DO111] a node is under its parent, but for those whose parent is gone and one of each cycle, the lowest', () => {
    fc.assert(
      fc.property(nodes, (all) => {
        const forest = new Forest(all)
        const byId = new Map(all.map((node) => [node.id, node]))
        const onCycle = (node: Node): Node[] => {
          const cycle: Node[] = []
          for (
            let at: Node | undefined = node;
            at !== undefined && cycle.length <= all.length;
            at = byId.get(at.parent ?? '')
          ) {
            if (at === node && cycle.length > 0) return cycle
            cycle.push(at)
          }
          return []
        }
        for (const node of all) {
          const [lowest] = onCycle(node).sort((a, b) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1))
          const expected = lowest === node || !byId.has(node.parent ?? '') ? null : node.parent
          expect([node.id, forest.parent(node.id)]).toEqual([node.id, expected])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('[DO110] siblings ascend by position, ties by id', () => {
    const forest = new Forest([
      nodeOf(1, null, { position: 'W.a.V' }),
      nodeOf(3, null),
      nodeOf(2, null),
      nodeOf(4, 'gone', { position: 'V.b.V' }),
    ])
    expect(forest.children(null).map(({ id }) => id)).toEqual(['a.2', 'a.3', 'a.4', 'a.1'])
  })

  test('[DO112] chains and cycles of ten thousand are shown, never deeper than the greatest depth', () => {
    const count = 10_000
    const chain = Array.from({ length: count }, (_, n) => nodeOf(n, n === 0 ? null : nameOf(n - 1)))
    const cycle = chain.map((node, n) => (n === 0 ? { ...node, parent: nameOf(count - 1) } : { ...node, stamp: 2 }))
    for (const all of [chain, cycle, chain.toReversed(), cycle.toReversed()]) {
      const rows = shown(new Forest(all))
      expect(rows).toHaveLength(count)
      expect(Math.max(...rows.map(({ depth }) => depth))).toBe(treeDepthMax)
      expect(new Forest(all).children(null).map(({ id }) => id)).toEqual(
        Array.from({ length: count / treeDepthMax }, (_, n) => nameOf(n * treeDepthMax)).sort(),
      )
    }
    const selfish = new Forest(Array.from({ length: count }, (_, n) => nodeOf(n, nameOf(n))))
    expect(selfish.children(null)).toHaveLength(count)
  })
})

describe('the nodes of a tree', () => {
  test('[DO110] are those that are created, each with the last value and place', () => {
    const registers = new Map<string, Json>([
      ['outline/a.0', ['root', null, 'V.a.V']],
      ['outline/a.1', ['child', 'a.0', 'V.a.V']],
      ['outline/a.1/v', null],
      ['outline/a.2', ['moved', null, 'V.a.V']],
      ['outline/a.2/p', ['a.1', 'V.a.W']],
      ['outline/a.3/p', [null, 'V.a.V']],
      ['outline/a.3/v', 'left behind'],
    ])
    const misfits: Json[] = []
    const stamps = new Map([
      ['outline/a.2/p', 7],
      ['outline/a.1/v', 9],
    ])
    expect(nodesOf(sourceOf('outline', registers, misfits, stamps))).toEqual([
      { id: 'a.0', value: 'root', parent: null, position: 'V.a.V', stamp: 1 },
      { id: 'a.1', value: null, parent: 'a.0', position: 'V.a.V', stamp: 1 },
      { id: 'a.2', value: 'moved', parent: 'a.1', position: 'V.a.W', stamp: 7 },
    ])
    expect(misfits).toEqual([])
  })

  test('[DO105] that do not fit are left out and told; one whose new place does not fit stays where it began', () => {
    const registers = new Map<string, Json>([
      ['outline/a.0', ['root', null, 'V.a.V']],
      ['outline/a.0/p', [7, 'V.a.V']],
      ['outline/a.1', ['no place']],
      ['outline/a.2', ['bad position', null, 'x']],
      ['outline/a.3', ['bad parent', {}, 'V.a.V']],
      ['outline/a.4', { parent: null }],
      ['outline/a.5', []],
    ])
    const misfits: Json[] = []
    const nodes = nodesOf(sourceOf('outline', registers, misfits, new Map([['outline/a.0/p', 7]])))
    expect(nodes).toEqual([{ id: 'a.0', value: 'root', parent: null, position: 'V.a.V', stamp: 1 }])
    expect(misfits).toHaveLength(6)
  })
})
