import { interleaving } from '@rejoin/lab'
import { expect, test } from 'vitest'
import { candidateNamed, candidates } from '../laws/engines.ts'
import { measure } from './measure.ts'

test('[DO244] interleaving is 0 where each author stands together, and 1 where no two characters of one do', () => {
  expect(interleaving([[0, 0, 0, 1, 1]])).toBe(0)
  expect(interleaving([[1, 1, 2, 0, 0]])).toBe(0)
  expect(interleaving([[0, 1, 0, 1]])).toBe(1)
  expect(interleaving([[0, 1, 2, 0, 1, 2]])).toBe(1)
  expect(interleaving([[0, 0, 1, 0]])).toBe(0.5)
  expect(interleaving([[0, 0, 1, 1, 0, 0]])).toBe(1 / 4)
  // Nothing can be mixed up here.
  expect(interleaving([[], [0], [0, 0], [0, 1]])).toBe(0)
  // Two of two where it could be, none of two more.
  expect(interleaving([[0, 1, 0, 1], [0, 0, 1, 1], [1]])).toBe(0.5)
})

test('[DO244] what is typed forward is never mixed up; typed backward it is, in Automerge', async () => {
  for (const { open } of candidates) {
    const engine = await open()
    const figures = measure(engine, 20, 1)
    expect(figures.map(({ typing }) => typing)).toEqual(['forward', 'backward', 'with jumps'])
    expect(figures).toContainEqual({ engine: engine.name, typing: 'forward', interleaving: 0 })
    expect(measure(engine, 20, 1)).toEqual(figures)
  }
  const backward = async (name: string): Promise<number | undefined> =>
    measure(await candidateNamed(name).open(), 20, 1).find(({ typing }) => typing === 'backward')?.interleaving
  expect(await backward('yjs')).toBe(0)
  expect(await backward('automerge')).toBeGreaterThan(0.4)
})
