import { randomInt } from 'node:crypto'
import type { Figures } from './figures.ts'
import { readOptions } from './options.ts'
import { torture } from './torture.ts'

const showEveryMs = 5_000

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words, randomInt(1_000_000))
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`)
    return 2
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  const { figures, failures, kept } = await torture(options, progress(options.kills))
  const { seed } = options
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ok: failures.length === 0, seed, ...figures, failures, kept })}\n`)
  else process.stdout.write(summary(seed, figures))
  for (const failure of failures) process.stderr.write(`${failure}\n`)
  if (kept !== undefined) process.stderr.write(`The files are in ${kept}.\n`)
  else process.stderr.write('Every promise held.\n')
  return failures.length === 0 ? 0 : 1
}

/** A line now and then. */
function progress(asked: number): (figures: Figures) => void {
  let nextMs = performance.now() + showEveryMs
  return ({ kills, seconds, edits, rounds }) => {
    if (performance.now() < nextMs) return
    nextMs = performance.now() + showEveryMs
    const rate = (kills / seconds).toFixed(1)
    process.stderr.write(`${kills} of ${asked} kills, ${rate} a second; ${edits} edits checked in ${rounds} rounds\n`)
  }
}

const summary = (seed: number, figures: Figures): string => `seed ${seed}, ${figures.rounds} rounds
${figures.kills} kills: ${figures.serverKills} of the server, ${figures.replicaKills} of replicas; \
${figures.killsAtStart} during a start, ${figures.killsTogether} of the server and a replica at once; ${figures.starts} starts
${figures.edits} edits, ${figures.deviceReceipts} device receipts, ${figures.storedReceipts} stored receipts, ${figures.refused} refused
${figures.entries} entries in the logs, ${figures.folded} of them folded away; ${figures.acked} acks
${figures.seconds.toFixed(1)} s, ${(figures.kills / figures.seconds).toFixed(1)} kills a second
`

process.exitCode = await main(process.argv.slice(2))
