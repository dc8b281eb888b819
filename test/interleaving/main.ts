/** Prints how much each engine mixes up what several type at one place. See `interleaving` of the lab for what 0 and 1 mean. */
import { candidates } from '../laws/engines.ts'
import { measure } from './measure.ts'

const places = 1_000
const seed = 1

for (const { open } of candidates)
  for (const { engine, typing, interleaving } of measure(await open(), places, seed))
    process.stdout.write(`${engine.padEnd(10)} ${typing.padEnd(10)} ${interleaving.toFixed(3)}\n`)
