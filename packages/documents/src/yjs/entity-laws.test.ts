import { testLaws } from '../laws.test.helper.ts'
import { entityLaws } from '../testing/index.ts'
import { yjs } from './index.ts'

testLaws(entityLaws, yjs, { runs: 60 })
