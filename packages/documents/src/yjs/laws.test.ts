import { testLaws } from '../laws.test.helper.ts'
import { engineLaws } from '../testing/index.ts'
import { yjs } from './index.ts'

testLaws(engineLaws, yjs, { runs: 60 })
