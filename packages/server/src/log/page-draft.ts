import { isEntryRow, noHash } from './records.ts'
import type { LogRow } from './records.ts'
import type { Page, PageQuery } from './store.ts'
import { sameGroup } from './wanted.ts'

type Place = Pick<LogRow, 'seq' | 'kind' | 'writer' | 'group' | 'chain'>

/** A page in the making. It ends with the row that fills it, but never inside a group. */
export class PageDraft {
  readonly #query: PageQuery
  readonly #rows: LogRow[] = []
  #bytes = 0
  #last: Place | undefined

  constructor(query: PageQuery) {
    this.#query = query
  }

  /** Whether the page ends before this row; otherwise it covers it. */
  endsBefore(next: Place): boolean {
    const isFull = this.#bytes >= this.#query.bytesMax || this.#rows.length >= this.#query.rowsMax
    if (isFull && this.#last !== undefined && !sameGroup(this.#last, next)) return true
    this.#last = next
    return false
  }

  /** A wanted row that is covered. */
  add(row: LogRow): void {
    if (!isEntryRow(row.kind)) return
    this.#rows.push(row)
    this.#bytes += row.bytes.length
  }

  finish(): Page {
    return { rows: this.#rows, to: this.#last?.seq ?? this.#query.after, hash: this.#last?.chain ?? noHash }
  }
}
