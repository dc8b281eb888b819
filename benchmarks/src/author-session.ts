import { setImmediate } from 'node:timers/promises'
import { openRejoin } from '@rejoin/client'
import type { EntityHandle, Receipt, Rejoin } from '@rejoin/client'
import { collection, register, text } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { Serving } from './serving.ts'
import type { Patch, Trace } from '@rejoin/lab/trace'

/** The app of these benchmarks: a note with a text, and the author's position beside it. */
export const notes = collection('notes', { body: text(), position: register() })

export type Replica = Rejoin<{ notes: typeof notes }>

/** Without a server everything works on this device alone. */
export function openReplica(store: Store, space: string, serving?: Serving): Promise<Replica> {
  const connection = serving === undefined ? {} : { server: serving.url, token: serving.token }
  return openRejoin({ collections: { notes }, spaces: { default: space }, store, ...connection })
}

/**
 * One edit for each transaction of the trace: the text, and how far it has come, after the `typed` ones before.
 * Resolves to the receipt of the last one.
 */
export async function typeInto(
  note: EntityHandle<typeof notes>,
  trace: Pick<Trace, 'transactions'>,
  typed = 0,
): Promise<Receipt | undefined> {
  let last: Receipt | undefined
  await eachTransaction(trace, (patches, index) => {
    last = note.edit((draft) => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) draft.body.delete(position, deleted)
        if (inserted !== '') draft.body.insert(position, inserted)
      }
      draft.position.set(typed + index + 1)
    })
  })
  return last
}

/** Lets the event loop turn now and then, as typing does: group commits happen in between. */
export async function eachTransaction(
  { transactions }: Pick<Trace, 'transactions'>,
  edit: (patches: readonly Patch[], index: number) => void,
): Promise<void> {
  for (const [index, patches] of transactions.entries()) {
    edit(patches, index)
    if (index % 100 === 99) await setImmediate()
  }
}
