import { testLaws } from '../laws.test.helper.ts'
import { engineLaws, portLaws } from '../testing/index.ts'
import { yjs } from './index.ts'

testLaws(portLaws, yjs)
testLaws(engineLaws, yjs, { runs: 60 })
