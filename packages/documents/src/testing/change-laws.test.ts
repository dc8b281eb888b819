import { expect, test } from 'vitest'
import type { Engine, EngineDocument } from '../engine.ts'
import { yjs } from '../yjs/index.ts'
import { changeLaws } from './change-laws.ts'

test('[DO31] an engine that tells nothing at all breaks the law', () => {
  for (const law of changeLaws.filter(({ title }) => title.startsWith('[DO31]')))
    expect(() => law.check(silent, { runs: 20 })).toThrow('Property failed')
})

const silent: Engine = {
  ...yjs,
  create: () => tellingNothing(yjs.create()),
  changes: () => [],
  changesOfEach: (_, updates) => updates.map(() => ({ changes: [], whole: true })),
}

function tellingNothing(document: EngineDocument): EngineDocument {
  const transact = document.transact.bind(document)
  document.transact = (change, captured) => {
    const update = transact(change)
    captured?.([])
    return update
  }
  return document
}
