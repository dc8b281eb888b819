import { existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Place } from './app.ts'
import type { LogRow } from './log-file.ts'

/**
 * What a process notes of its life, line by line, in a file of its own: a line that was written outlives the process.
 * `edit`, `grade` and `folding` are noted before they happen, everything else after it has.
 */
export type Line =
  | { readonly kind: 'open'; readonly afterMs: number }
  | { readonly kind: 'edit'; readonly mark: string; readonly place: Place; readonly fields: readonly Marked[] }
  | { readonly kind: 'made'; readonly mark: string; readonly receipt: string }
  | { readonly kind: 'device' | 'stored'; readonly mark: string }
  | { readonly kind: 'acked'; readonly space: string; readonly writer: string; readonly n: number }
  /** By the server, in its own part. */
  | { readonly kind: 'grade' | 'graded'; readonly place: Place; readonly grade: number }
  /** By the server, before folding takes these rows out of its log. */
  | { readonly kind: 'folding'; readonly rows: readonly FoldedRow[] }

export interface FoldedRow extends LogRow {
  readonly space: string
}

/** Where an edit leaves its mark, besides the set of marks and the counter. */
export type Marked = 'body' | 'steps'

export interface Ledger {
  note(line: Line): void
}

export function openLedger(file: string): Ledger {
  const descriptor = openSync(file, 'a')
  return { note: (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`) }
}

/** The lines of a life; none if it was killed before its first. The kill may have torn the last one. */
export function readLedger(file: string): readonly Line[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Line)
}
