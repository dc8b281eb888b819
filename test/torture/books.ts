import type { Cast } from './cast.ts'
import type { Settled } from './ending.ts'
import type { EntryId } from './judge-log.ts'
import type { Edit, Grade } from './judge.ts'
import { readLedger } from './ledger.ts'
import type { FoldedRow, Line } from './ledger.ts'

/** What the ledgers of a round say, taken together. */
export interface Books {
  readonly edits: readonly Edit[]
  readonly grades: readonly Grade[]
  readonly acked: readonly EntryId[]
  /** Rows that the server was going to fold away; a killed one may have done it or not. */
  readonly folded: readonly FoldedRow[]
  /** Names of the lives that came as far as to be open. */
  readonly opened: ReadonlySet<string>
}

export function readBooks({ server, replicas, fresh }: Cast, settled: Settled | undefined): Books {
  const opened = new Set<string>()
  const lives = (actors: readonly { readonly lives: readonly { name: string; ledger: string }[] }[]): Line[][] =>
    actors.flatMap((actor) =>
      actor.lives.map(({ name, ledger }) => {
        const lines = readLedger(ledger)
        if (lines.some(({ kind }) => kind === 'open')) opened.add(name)
        return [...lines]
      }),
    )
  const serverLives = lives([server])
  const grades = serverLives.flatMap(gradesIn)
  const folded = serverLives.flat().flatMap((line) => (line.kind === 'folding' ? line.rows : []))
  const edits = replicas.flatMap((replica) =>
    lives([replica]).flatMap((lines) => editsIn(replica.name, lines, settled)),
  )
  const acked = lives([...replicas, fresh])
    .flat()
    .flatMap((line) => (line.kind === 'acked' ? [line] : []))
  return { edits, grades, acked, folded, opened }
}

function editsIn(by: string, lines: readonly Line[], settled: Settled | undefined): Edit[] {
  const receipts = new Map<string, string>()
  const device = new Set<string>()
  const stored = new Set<string>()
  for (const line of lines) {
    if (line.kind === 'made') receipts.set(line.mark, line.receipt)
    if (line.kind === 'device') device.add(line.mark)
    if (line.kind === 'stored') stored.add(line.mark)
  }
  return lines.flatMap((line) => {
    if (line.kind !== 'edit') return []
    const { mark, place, fields } = line
    const receipt = receipts.get(mark)
    return {
      mark,
      by,
      place,
      fields,
      device: device.has(mark),
      stored: stored.has(mark),
      fate: receipt === undefined ? 'lost' : (settled?.fates.get(receipt) ?? 'unknown'),
      quarantined: receipt !== undefined && settled?.quarantined.has(receipt) === true,
    }
  })
}

function gradesIn(lines: readonly Line[]): Grade[] {
  const stored = new Set(lines.flatMap((line) => (line.kind === 'graded' ? [line.grade] : [])))
  return lines.flatMap((line) =>
    line.kind === 'grade' ? [{ place: line.place, grade: line.grade, isStored: stored.has(line.grade) }] : [],
  )
}
