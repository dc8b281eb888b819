import { testLaws } from '../laws.test.helper.ts'
import { entityLaws } from '../testing/index.ts'
import { openAutomerge } from './index.ts'

testLaws(entityLaws, await openAutomerge(), { runs: 20 })
