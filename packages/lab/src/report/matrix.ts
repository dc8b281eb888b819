import type { Block, Text } from '../page/index.ts'
import type { Estimate } from '../statistics/estimate.ts'
import type { Measure } from './measures.ts'
import { meanOnly } from './told.ts'

export interface Matrix {
  /** For references, which lead to the first of the tables if it takes several. */
  readonly id: string
  readonly caption: string
  /** What the rows are. */
  readonly of: string
  readonly rows: readonly string[]
  readonly columns: readonly MatrixColumn[]
  /** So many columns stand together in one table; 1 unless told. */
  readonly together?: number
}

export interface MatrixColumn {
  readonly name: string
  readonly measure: Measure
  /** Undefined where nothing was measured. */
  of(row: string): Estimate | undefined
  /** The least unless told; what is neither better nor worse is not marked. */
  readonly best?: 'most' | 'none'
  /** What stands behind the figure, such as “ of 100”. */
  behind?(row: string): string
}

/** More are not to be read without scrolling. */
const columnsMost = 7

/** In one table, or in several with the same rows, without those of which nothing was measured: the best of each column in bold, the worst with a sign before it if few share it. */
export function matrix({ id, caption, of, rows, columns, together = 1 }: Matrix): Block[] {
  const kept = columns.filter((column) => rows.some((row) => column.of(row) !== undefined))
  if (kept.length === 0) return []
  const measured = rows.filter((row) => kept.some((column) => column.of(row) !== undefined))
  const tables = Math.ceil(kept.length / (columnsMost - (columnsMost % together)))
  const size = Math.ceil(kept.length / together / tables) * together
  return Array.from({ length: tables }, (_, nth): Block => {
    const some = kept.slice(nth * size, (nth + 1) * size)
    const cells = some.map((column) => cellsOf(column, measured))
    return {
      kind: 'table',
      id: nth === 0 ? id : `${id}-${nth + 1}`,
      caption: nth === 0 ? caption : [`As `, { see: id }, ', for the others.'],
      columns: [{ name: of, holds: 'words' }, ...some.map(({ name }) => ({ name, holds: 'numbers' as const }))],
      rows: measured.map((row, at) => [[{ code: row }], ...cells.map((column) => column[at] ?? nothing)]),
    }
  })
}

export const nothing = '–'

export const marks =
  'In each column the best is bold, and the worst, where at most half of the policies share it, has a ▲ before it.'

function cellsOf({ measure, of, best, behind }: MatrixColumn, rows: readonly string[]): Text[] {
  const estimates = rows.map((row) => of(row))
  const measured = estimates.filter((estimate) => estimate !== undefined)
  const read = (estimate: Estimate): string => measure.told(meanOnly(estimate))
  const sorted = measured.toSorted((a, b) => a.mean - b.mean).map(read)
  const [good, bad] = best === 'most' ? [sorted.at(-1), sorted[0]] : [sorted[0], sorted.at(-1)]
  // A sign that most rows have tells nobody anything.
  const isTelling = 2 * sorted.filter((text) => text === bad).length <= sorted.length
  return estimates.map((estimate, nth): Text => {
    if (estimate === undefined) return nothing
    const text = `${measure.told(estimate)}${behind?.(rows[nth] ?? '') ?? ''}`
    if (best === 'none' || good === bad) return text
    if (read(estimate) === good) return [{ strong: text }]
    return isTelling && read(estimate) === bad ? `▲ ${text}` : text
  })
}
