import { testLaws } from '../laws.test.helper.ts'
import { engineLaws, portLaws } from '../testing/index.ts'
import { openAutomerge } from './index.ts'

const automerge = await openAutomerge()

testLaws(portLaws, automerge)
testLaws(engineLaws, automerge, { runs: 10 })
