import { yjs as engine } from '@rejoin/documents/yjs'
import type { Json } from '@rejoin/schema'
import type { Policy } from './policy.ts'

export const firstWriteWins: Policy = {
  name: 'first-write-wins',
  about: 'Of concurrent versions of the field the one with the earliest time stands, by a hybrid clock.',
  form: 'whole',
  // Oldest first. What was written by somebody who had seen another version has replaced that one already.
  registers: { resolve: (versions: readonly Json[]) => versions[0] ?? null },
  open: () => Promise.resolve(() => engine),
}
