import { describe, test } from 'vitest'
import { engineLaws } from '../testing/index.ts'
import { yjs } from './index.ts'

describe('the engine laws, for Yjs', () => {
  for (const law of engineLaws) test(law.title, () => law.check(yjs, { runs: 60 }))
})
