import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

/** One row of a log, as the server's database names its kinds by number. */
export interface LogRow {
  readonly seq: number
  readonly kind: 'update' | 'recovery' | 'snapshot' | 'fold' | 'writer'
  readonly writer: string
  readonly n: number
}

/** The log of a space as it lies on disk. */
export interface LogFile {
  readonly space: string
  readonly head: number
  readonly rows: readonly LogRow[]
  /** Numbers of rows that folding took away; the log keeps their hashes. */
  readonly stubs: readonly number[]
}

const kinds = ['update', 'recovery', 'snapshot', 'fold', 'writer'] as const

/** Reads the logs with nothing but SQL. No server has the file open. */
export function readLogs(folder: string): readonly LogFile[] {
  const database = new DatabaseSync(join(folder, 'log.sqlite'))
  try {
    const rowsOf = database.prepare(`
      SELECT e.seq, e.kind, coalesce(w.writer, '') AS writer, e.n FROM entries e
      LEFT JOIN writers w ON w.space = e.space AND w.number = e.writer WHERE e.space = ? ORDER BY e.seq`)
    const stubsOf = database.prepare('SELECT seq FROM hashes WHERE space = ?')
    return database
      .prepare('SELECT number, space, head FROM spaces')
      .all()
      .map(({ number, space, head }) => ({
        space: String(space),
        head: Number(head),
        rows: rowsOf.all(Number(number)).map((row) => ({
          seq: Number(row['seq']),
          kind: kinds[Number(row['kind'])] ?? 'update',
          writer: String(row['writer']),
          n: Number(row['n']),
        })),
        stubs: stubsOf.all(Number(number)).map(({ seq }) => Number(seq)),
      }))
  } finally {
    database.close()
  }
}
