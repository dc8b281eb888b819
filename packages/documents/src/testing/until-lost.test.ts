import { RejoinError } from '@rejoin/base'
import { expect, test } from 'vitest'
import type { Engine } from '../engine.ts'
import { yjs } from '../yjs/index.ts'
import { engineLaws, entityLaws, parseHistory } from './index.ts'

/** Loses its memory in the end, and for ever. */
function mortal(documents: number): Engine {
  let left = documents
  return {
    ...yjs,
    create() {
      if (left-- <= 0) throw new RejoinError('engine-lost')
      return yjs.create()
    },
  }
}

const failureOf = (check: () => void): string => {
  try {
    check()
  } catch (cause) {
    return String(cause)
  }
  return 'held'
}

test('a history at which an engine is lost is told as it was, since all shorter ones fail from then on', () => {
  const [law] = entityLaws
  const lost = failureOf(() => law?.check(mortal(200), { runs: 60, seed: 4 }))
  expect(lost).toContain('memory')
  const { actions } = parseHistory(lost.slice(lost.indexOf('clocks')))
  expect(actions.length).toBeGreaterThan(10)
})

test('so it is for laws of engines', () => {
  const law = engineLaws.find(({ title }) => title.startsWith('[DO31'))
  expect(failureOf(() => law?.check(mortal(200), { runs: 60, seed: 4 }))).toContain('Shrunk 0 time(s)')
  const broken: Engine = { ...yjs, changes: () => [] }
  expect(failureOf(() => law?.check(broken, { runs: 60, seed: 4 }))).not.toContain('Shrunk 0 time(s)')
})
