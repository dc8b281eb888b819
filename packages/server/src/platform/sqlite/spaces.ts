import { RejoinError } from '@rejoin/base'
import type { Log } from '@rejoin/base'
import { spaceColumns, toSpace } from './columns.ts'
import type { SpaceRow } from './columns.ts'
import type { Columns } from './seal.ts'
import type { Statements } from './statements.ts'

export const everySpace: string = `SELECT ${spaceColumns} FROM spaces`

/** All spaces but those whose row is damaged: these are reported, and harm no other. */
export const readSpaces = (statements: Statements, log: Log): readonly SpaceRow[] =>
  statements.all(everySpace).flatMap((columns) => readSpace(columns, log))

function readSpace(columns: Columns, log: Log): readonly SpaceRow[] {
  try {
    return [toSpace(columns)]
  } catch (cause) {
    if (!(cause instanceof RejoinError)) throw cause
    log('error', 'space-damaged', { message: cause.message })
    return []
  }
}
