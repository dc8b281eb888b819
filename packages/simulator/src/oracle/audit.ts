import type { EngineName } from '../world/app.ts'
import { engineOf, runsOf } from './bare/bare.ts'
import type { Run } from './bare/bare.ts'
import type { TapeRow } from './tape.ts'

interface AuditOptions {
  /** A writer on a replica that did not remember what it had sent may send content again, but only the same. */
  readonly mayRepeat?: (writer: string) => boolean
  /** What the collection of a document is in; Yjs unless told. */
  readonly engineOf?: (document: string) => EngineName
}

/**
 * Everything wrong with the rows that a space's log was given: holes, ids given twice, content given twice, bytes of
 * another engine.
 */
export function auditTape(
  space: string,
  rows: readonly TapeRow[],
  { mayRepeat = () => false, engineOf: engineWanted = () => 'yjs' }: AuditOptions = {},
): readonly string[] {
  const wrong: string[] = []
  const ids = new Set<string>()
  const operations = new Map<string, Operations>()
  for (const [index, row] of rows.entries()) {
    const name = `${space} ${row.seq}`
    if (row.seq !== index + 1) wrong.push(`[I5] ${name}: the row at ${index + 1} has this number`)
    if (row.kind !== 'update') continue
    const id = `${row.writer}/${row.n}`
    if (ids.has(id)) wrong.push(`[I4] ${name}: entry ${id} is in the log twice`)
    ids.add(id)
    if (engineOf(row) !== engineWanted(row.document)) {
      wrong.push(`[I14] ${name}: ${row.document} is given ${row.encoding}, and is in ${engineWanted(row.document)}`)
      continue
    }
    const before = operations.get(row.document) ?? new Operations()
    operations.set(row.document, before)
    const twice = before.add(row)
    if (twice !== undefined && !mayRepeat(row.writer))
      wrong.push(`[I4] ${name}: ${row.document} has ${twice} in the log twice`)
  }
  return wrong
}

/** Which of a document's operations came by: an update under two ids has the same ones. */
class Operations {
  readonly #runs = new Map<string, Run[]>()

  /** Returns the first operation that came before. */
  add(row: TapeRow): string | undefined {
    let twice: string | undefined
    for (const run of runsOf(row)) {
      const { client, from, to } = run
      const before = this.#runs.get(client) ?? []
      this.#runs.set(client, before)
      if (before.some((other) => other.from < to && from < other.to)) twice ??= `${client}:${from}`
      before.push(run)
    }
    return twice
  }
}
