import type { Bench } from '../bench.ts'
import { editing } from './documents-edit.ts'
import { opening } from './documents-open.ts'
import { hydrating } from './documents-memory.ts'
import { snapshots } from './documents-size.ts'

/** What the layer of entities costs over the CRDT below it, for the common small entity. */
export const documents: Bench = {
  name: 'documents',
  about: 'an entity of eight registers: edited, saved, opened and let go, beside a bare Y.Map of eight keys by hand',
  prepare: ({ quick, random }) =>
    Promise.resolve([
      editing('edit one field, and view', random, quick ? 40 : 200, 1),
      editing('edit three fields, and view', random, quick ? 40 : 200, 3),
      ...snapshots(random, quick),
      opening(random, quick ? 500 : 2_000),
      hydrating(quick ? 2_000 : 10_000),
    ]),
}
