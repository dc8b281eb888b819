import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentOf, updatesOf } from '../testing/case.ts'
import { anyActions, playHistory } from '../testing/history.ts'
import { takeIn } from './apply.ts'
import { readChunks } from './chunks.ts'
import { PastOf } from './past.ts'
import type { Row } from './row.ts'
import { State } from './state.ts'
import { automerge, library } from './writing.test.helper.ts'

test('[DO221] the past reads as the document does, in whatever parts it is read', () => {
  const property = fc.property(anyActions, fc.infiniteStream(fc.nat()), (actions, numbers) => {
    const updates = updatesOf(playHistory(automerge, actions))
    const document = documentOf(automerge, updates)
    const state = new State(library)
    const past = new PastOf()
    for (let left = updates; left.length > 0;) {
      const [at] = numbers.take(1)
      const [next] = left.splice((at ?? 0) % left.length, 1)
      takeIn(state, readChunks(next === undefined ? [] : [next.bytes]))
      if ((at ?? 0) % 3 === 0) past.read(state.handle)
    }
    const { text, list } = past.read(state.handle)
    expect(standing(text).join('')).toBe(document.text.read())
    expect(standing(list).map((value): unknown => JSON.parse(value))).toEqual(document.list.read())
    state.spend()
  })
  fc.assert(property, { numRuns: 30 })
})

/** What stands in a row, as it is stored. */
function standing(row: Row): readonly string[] {
  const found: string[] = []
  for (let next = row.first; next !== null; next = next.right) if (row.stands(next)) found.push(next.value ?? '')
  return found
}
