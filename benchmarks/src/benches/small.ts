import type { Bench } from '../bench.ts'
import { bothEngines } from '../both-engines.ts'
import { holding } from './engines-memory.ts'
import { editingOn, openingOn } from './engines-small.ts'
import { creating, viewing } from './small-create.ts'

/** What an app with many small entities waits for, sends, and holds. */
export const small: Bench = {
  name: 'small',
  about: 'entities of eight fields: create, edit, view, load, bytes and memory, beside bare Yjs, Automerge and Loro',
  async prepare({ quick, random }) {
    const both = await bothEngines()
    return [
      creating(both, random, quick ? 50 : 300),
      editingOn(both, random, quick ? 20 : 50),
      viewing(both, random, quick ? 50 : 200),
      openingOn(both, random, { edits: 0, entities: quick ? 100 : 500, times: 1 }),
      openingOn(both, random, { edits: 20, entities: quick ? 100 : 500, times: 1 }),
      openingOn(both, random, { edits: 1_000, entities: 4, times: quick ? 5 : 25 }),
      holding(quick ? 500 : 2_000),
    ]
  },
}
