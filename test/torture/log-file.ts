import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

/** One row of a log, as the server's database names its kinds by number. */
export interface LogRow {
  readonly seq: number
  readonly kind: 'update' | 'recovery' | 'snapshot' | 'fold' | 'writer'
  readonly writer: string
  readonly n: number
}

/** The log of a space as it lies on disk: the rows that it has, and those that folding took away. */
export interface SpaceLog {
  readonly space: string
  readonly head: number
  readonly rows: readonly LogRow[]
  readonly folded: readonly LogRow[]
}

const kinds = ['update', 'recovery', 'snapshot', 'fold', 'writer'] as const

const open = (folder: string): DatabaseSync => new DatabaseSync(join(folder, 'log.sqlite'))

/**
 * Has the database keep what folding removes, in the very transaction that removes it, so that every entry there ever
 * was can be counted in the end. To be done while no server has the file open.
 */
export function keepFolded(folder: string): void {
  const database = open(folder)
  try {
    database.exec(`
      CREATE TABLE folded_away (space INTEGER, seq INTEGER, kind INTEGER, writer INTEGER, n INTEGER) STRICT;
      CREATE TRIGGER keep_folded AFTER DELETE ON entries BEGIN
        INSERT INTO folded_away VALUES (OLD.space, OLD.seq, OLD.kind, OLD.writer, OLD.n);
      END`)
  } finally {
    database.close()
  }
}

/** Reads the logs with nothing but SQL. No server has the file open. */
export function readLogs(folder: string): readonly SpaceLog[] {
  const database = open(folder)
  try {
    const rowsOf = (table: string, space: number): LogRow[] =>
      database
        .prepare(
          `SELECT e.seq, e.kind, coalesce(w.writer, '') AS writer, e.n FROM ${table} e
           LEFT JOIN writers w ON w.space = e.space AND w.number = e.writer WHERE e.space = ? ORDER BY e.seq`,
        )
        .all(space)
        .map(({ seq, kind, writer, n }) => ({
          seq: Number(seq),
          kind: kinds[Number(kind)] ?? 'update',
          writer: String(writer),
          n: Number(n),
        }))
    return database
      .prepare('SELECT number, space, head FROM spaces')
      .all()
      .map(({ number, space, head }) => ({
        space: String(space),
        head: Number(head),
        rows: rowsOf('entries', Number(number)),
        folded: rowsOf('folded_away', Number(number)),
      }))
  } finally {
    database.close()
  }
}
