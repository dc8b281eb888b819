import type { LogBatch, LogRow } from '@rejoin/server'
import type { Place } from '../world/app.ts'
import { wrongFold } from './folds.ts'

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

/** A snapshot that took the place of rows. */
export type TapeFold = Pick<TapeRow, 'seq' | 'document' | 'encoding' | 'bytes'>

/** Everything that the server's log ever committed, in order, by space. */
export class Tape {
  readonly #rows = new Map<string, TapeRow[]>()
  readonly #documents = new Map<string, string>()
  readonly #writers = new Map<string, string>()
  readonly #isSane: (space: string) => boolean
  readonly #ids = new Set<string>()

  get spaces(): readonly string[] {
    return [...this.#rows.keys()]
  }

  rows(space: string): readonly TapeRow[] {
    return this.#rows.get(space) ?? []
  }

  /** The number of the last row of a space. */
  head(space: string): number {
    return this.rows(space).length
  }

  /** Whether the log has the entity: an entry of its shared registers. */
  isMade({ space, kind, id }: Place): boolean {
    return this.rows(space).some(({ document }) => document === `${kind}/${id}/shared/`)
  }

  /** `isSane` says of a space whether its bytes are those of engines: others are not decoded. */
  constructor(isSane: (space: string) => boolean = () => true) {
    this.#isSane = isSane
  }

  /** To be called once the log has the batch. Returns what is wrong with it. */
  record(batch: LogBatch): readonly string[] {
    const wrong: string[] = []
    for (const { ref, rows = [], documents = [], writers = [], folds = [] } of batch.spaces) {
      for (const { number, key } of documents) this.#documents.set(`${ref.space}/${number}`, key)
      for (const { number, writer } of writers) this.#writers.set(`${ref.space}/${number}`, writer)
      const tape = this.#rows.get(ref.space) ?? []
      this.#rows.set(ref.space, tape)
      const nameOf = (document: number): string => this.#documents.get(`${ref.space}/${document}`) ?? ''
      for (const { seq, kind, document, writer: number, n, encoding, bytes } of rows) {
        const writer = this.#writers.get(`${ref.space}/${number}`) ?? ''
        if (seq !== tape.length + 1) wrong.push(`[I5] ${ref.space} has number ${seq} after ${tape.length}`)
        if (kind === 'update' && this.#isKnown(`${ref.space}/${writer}/${n}`))
          wrong.push(`[I4] ${ref.space} has entry ${writer}/${n} in its log twice`)
        tape.push({ seq, kind, document: nameOf(document), writer, n, encoding, bytes: bytes.slice() })
      }
      for (const { document, snapshot } of this.#isSane(ref.space) ? folds : []) {
        const { seq, encoding, bytes } = snapshot
        const broken = wrongFold(tape, { seq, encoding, bytes, document: nameOf(document) })
        if (broken !== undefined) wrong.push(broken)
      }
    }
    return wrong
  }

  #isKnown(id: string): boolean {
    const isKnown = this.#ids.has(id)
    this.#ids.add(id)
    return isKnown
  }
}
