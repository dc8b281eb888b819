import type { Engine } from '../engine.ts'
import { AutomergeDocument } from './document.ts'
import type { Library } from './library.ts'
import { squash } from './squash.ts'
import { changesOfEach } from './told.ts'

/** The engine over one instance of the library. */
export const engineOver = (library: Library): Engine => ({
  name: 'automerge',
  encodings: ['automerge'],
  create: () => {
    library.check()
    return new AutomergeDocument(library)
  },
  squash,
  changes: (before, update) => changesOfEach(library, before, [update])[0]?.changes ?? [],
  changesOfEach: (before, updates) => changesOfEach(library, before, updates),
})
