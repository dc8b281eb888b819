import type { Store } from '@rejoin/storage'
import type { QuarantinedWrite } from './api.ts'
import { receiptId } from './receipts.ts'
import { under } from './replica/keys.ts'
import { decodeQuarantine } from './replica/quarantine-record.ts'

/** Every write that was refused, oldest first: one for each document that a transaction wrote to. */
export async function listQuarantine(store: Store): Promise<readonly QuarantinedWrite[]> {
  const list: QuarantinedWrite[] = []
  for (const [, bytes] of await store.scan(under('quarantine'))) {
    const record = decodeQuarantine(bytes)
    if (!record.ok) continue
    const { space, document, kind, message, at, row } = record.value
    for (const write of row.writes)
      list.push({ id: receiptId(row.writer, write.transaction), space, document, kind, message, at })
  }
  return list
}
