import type { DocumentKey } from '@rejoin/base'
import type { LogRow } from './records.ts'
import type { Wanted } from './store.ts'

export const wantsAll = (wanted: Wanted): boolean => wanted.collections.length === 0 && wanted.entities.length === 0

/** Whether documents with this key belong to the wanted. A key is `collection/entity/part/field`. */
export function wants(wanted: Wanted): (key: DocumentKey) => boolean {
  if (wantsAll(wanted)) return () => true
  const collections = new Set(wanted.collections)
  const entities = new Set(wanted.entities)
  return (key) => {
    const first = key.indexOf('/')
    return collections.has(key.slice(0, first)) || entities.has(key.slice(0, key.indexOf('/', first + 1)))
  }
}

/** Whether the two rows came in one group, so that no page ends between them. */
export const sameGroup = (row: Grouped, next: Grouped): boolean =>
  row.group !== 0 && row.group === next.group && row.writer === next.writer

type Grouped = Pick<LogRow, 'group' | 'writer'>
