// The long campaign: `npm run power-cut -- --runs 20 --seed 1`. Ends with 1 if a power cut harmed a store; damage that
// nobody noticed is counted and shown, since the README says which is known.
import { parseArgs } from 'node:util'
import { flips, tally } from './damage.ts'
import { cutPower } from './power-cut.ts'
import { cannotRecord } from './recorder.ts'
import { judgeReplica, judgeReplicaBefore, replicaSample } from './replica-damage.ts'
import { replicaRun, serverRun } from './runs.ts'
import { judgeServer, serverSample } from './server-damage.ts'

const { runs, from } = asked()
const reason = cannotRecord()
if (reason !== undefined) refuse(reason)

const cutsEach = 100
const flipsEach = 500

const replica = replicaRun()
const server = await serverRun()
const replicaFiles = await replicaSample(60)
const serverFiles = await serverSample(20)
const damages = [
  {
    name: 'bits of a replica',
    file: 'replica.sqlite',
    files: replicaFiles.closed,
    judge: judgeReplica(replicaFiles.states.at(-1) ?? new Map()),
  },
  {
    name: 'bits of its log (before: after any commit)',
    file: 'replica.sqlite-wal',
    files: replicaFiles.open,
    judge: judgeReplicaBefore(replicaFiles),
  },
  { name: 'bits of a server', file: 'log.sqlite', files: serverFiles.closed, judge: judgeServer(serverFiles.reads) },
  { name: 'bits of its log', file: 'log.sqlite-wal', files: serverFiles.open, judge: judgeServer(serverFiles.reads) },
]

for (let seed = from; seed < from + runs; seed++) {
  for (const [name, { events, judge }] of Object.entries({ replica, server })) {
    const { cuts, harmed, wrong } = await cutPower(events, { cuts: cutsEach, seed, judge })
    console.log(
      `seed ${seed}: ${cuts} power cuts of a ${name}, ${harmed} with loss of what was not synced, ${wrong.length} wrong`,
    )
    for (const one of wrong) console.log(`  ${one}`)
    if (wrong.length > 0) process.exitCode = 1
  }
  for (const { name, file, files, judge } of damages) {
    const { same, said, silent, failures } = await tally(flips(files, file, flipsEach, seed), judge)
    console.log(`seed ${seed}: ${flipsEach} ${name}: ${same} as before, ${said} noticed, ${silent} not noticed`)
    for (const one of failures) console.log(`  ${one}`)
  }
}

/** Words that make no sense are refused: a campaign of no runs would find nothing wrong. */
function asked(): { readonly runs: number; readonly from: number } {
  try {
    const text = { type: 'string' } as const
    const { runs = '10', seed = '1' } = parseArgs({ options: { runs: text, seed: text } }).values
    if (!/^[1-9]\d{0,6}$/.test(runs)) throw new RangeError(`--runs is a whole number from 1, not "${runs}"`)
    if (!/^\d{1,9}$/.test(seed)) throw new RangeError(`--seed is a whole number from 0, not "${seed}"`)
    return { runs: Number(runs), from: Number(seed) }
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause))
  }
}

function refuse(why: string): never {
  console.error(`power-cut: ${why}`)
  console.error('usage: npm run power-cut -- [--runs N] [--seed S]')
  process.exit(2)
}
