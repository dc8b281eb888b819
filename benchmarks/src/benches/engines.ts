import type { Bench } from '../bench.ts'
import { bothEngines } from '../both-engines.ts'
import { readTrace } from '../trace.ts'
import { earlierState } from './engines-history.ts'
import { holding, starting } from './engines-memory.ts'
import { editingOn, openingOn } from './engines-small.ts'
import { storedTexts, typingOn } from './engines-text.ts'
import { weight } from './engines-weight.ts'

/** Every figure of the page that helps to choose an engine. */
export const engines: Bench = {
  name: 'engines',
  about: 'Automerge beside Yjs, behind our port and bare: small entities, how they grow, text, memory, history, weight',
  async prepare({ quick, random, traceFile }) {
    const both = await bothEngines()
    const typed = readTrace(traceFile, quick ? 1_000 : 3_000)
    const stored = readTrace(traceFile, quick ? 2_000 : 20_000)
    const grown = [
      { edits: 100, entities: quick ? 20 : 40, times: 5 },
      { edits: 1_000, entities: 4, times: quick ? 5 : 25 },
      { edits: 10_000, entities: 1, times: quick ? 5 : 20 },
    ]
    return [
      weight(),
      starting(quick ? 2 : 7),
      editingOn(both, random, quick ? 20 : 50),
      openingOn(both, random, { edits: 20, entities: quick ? 100 : 500, times: 1 }),
      ...grown.map((opened) => ({ ...openingOn(both, random, opened), size: opened.edits })),
      holding(quick ? 500 : 2_000),
      ...typingOn(both, typed),
      storedTexts(both, stored),
      earlierState(both[1], stored),
    ]
  },
}
