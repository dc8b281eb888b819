import { test } from 'vitest'
import { entityLaws } from '../testing/index.ts'
import { yjs } from './index.ts'

for (const law of entityLaws) test(law.title, () => law.check(yjs, { runs: 60 }))
