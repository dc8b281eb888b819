import { describe, test } from 'vitest'
import { engineLaws } from '../testing/index.ts'
import { openAutomerge } from './index.ts'

const automerge = await openAutomerge()

describe('the engine laws, for Automerge', () => {
  for (const law of engineLaws.slice(0, 12)) test(law.title, () => law.check(automerge, { runs: 100 }), 60_000)
})
