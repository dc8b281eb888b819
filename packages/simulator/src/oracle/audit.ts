import * as Y from 'yjs'
import type { TapeRow } from './tape.ts'

/**
 * Everything wrong with the rows that a space's log was given: holes, ids given twice, content given twice. A writer
 * on a replica that did not remember what it had sent may send content again, but only the same.
 */
export function auditTape(
  space: string,
  rows: readonly TapeRow[],
  mayRepeat: (writer: string) => boolean = () => false,
): readonly string[] {
  const wrong: string[] = []
  const ids = new Set<string>()
  const structs = new Map<string, StructRuns>()
  for (const [index, row] of rows.entries()) {
    const name = `${space} ${row.seq}`
    if (row.seq !== index + 1) wrong.push(`[I5] ${name}: the row at ${index + 1} has this number`)
    if (row.kind !== 'update') continue
    const id = `${row.writer}/${row.n}`
    if (ids.has(id)) wrong.push(`[I4] ${name}: entry ${id} is in the log twice`)
    ids.add(id)
    const runs = structs.get(row.document) ?? new StructRuns()
    structs.set(row.document, runs)
    const twice = runs.add(row)
    if (twice !== undefined && !mayRepeat(row.writer))
      wrong.push(`[I4] ${name}: ${row.document} has ${twice} in the log twice`)
  }
  return wrong
}

/** Which of a document's structs came by: an update under two ids has the same ones. */
class StructRuns {
  readonly #runs = new Map<number, (readonly [from: number, to: number])[]>()

  /** Returns the first struct that came before. */
  add({ encoding, bytes }: TapeRow): string | undefined {
    const decoded = encoding === 'yjs-2' ? Y.decodeUpdateV2(bytes) : Y.decodeUpdate(bytes)
    let twice: string | undefined
    for (const struct of decoded.structs) {
      if (struct instanceof Y.Skip) continue
      const { client, clock } = struct.id
      const runs = this.#runs.get(client) ?? []
      this.#runs.set(client, runs)
      const [from, to] = [clock, clock + struct.length]
      if (runs.some((run) => run[0] < to && from < run[1])) twice ??= `${client}:${clock}`
      runs.push([from, to])
    }
    return twice
  }
}
