import type { LogBatch, LogRow } from '@rejoin/server'
import type { Place } from '../world/app.ts'

/** One row as it was appended, with names for numbers. Folding does not reach the tape. */
export interface TapeRow {
  readonly seq: number
  readonly kind: LogRow['kind']
  readonly document: string
  readonly writer: string
  readonly n: number
  readonly encoding: LogRow['encoding']
  readonly bytes: Uint8Array
}

/** Everything that the server's log ever committed, in order, by space. */
export class Tape {
  readonly #rows = new Map<string, TapeRow[]>()
  readonly #documents = new Map<string, string>()
  readonly #writers = new Map<string, string>()

  get spaces(): readonly string[] {
    return [...this.#rows.keys()]
  }

  rows(space: string): readonly TapeRow[] {
    return this.#rows.get(space) ?? []
  }

  /** Whether the log has the entity: an entry of its shared registers. */
  isMade({ space, kind, id }: Place): boolean {
    return this.rows(space).some(({ document }) => document === `${kind}/${id}/shared/`)
  }

  /** To be called once the log has the batch. */
  record(batch: LogBatch): void {
    for (const { ref, rows = [], documents = [], writers = [] } of batch.spaces) {
      for (const { number, key } of documents) this.#documents.set(`${ref.space}/${number}`, key)
      for (const { number, writer } of writers) this.#writers.set(`${ref.space}/${number}`, writer)
      const tape = this.#rows.get(ref.space) ?? []
      this.#rows.set(ref.space, tape)
      for (const { seq, kind, document, writer, n, encoding, bytes } of rows)
        tape.push({
          seq,
          kind,
          document: this.#documents.get(`${ref.space}/${document}`) ?? '',
          writer: this.#writers.get(`${ref.space}/${writer}`) ?? '',
          n,
          encoding,
          bytes: bytes.slice(),
        })
    }
  }
}
