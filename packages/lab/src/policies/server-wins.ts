import { lastWriteWins } from '@rejoin/documents/lww'
import type { Policy } from './policy.ts'

export const serverWins: Policy = {
  name: 'server-wins',
  about:
    'What was written on another version of the record than the server has is dropped: optimistic concurrency, in which the first to arrive stands.',
  form: 'whole',
  byArrival: true,
  open: () => Promise.resolve(() => lastWriteWins({ unit: 'record', order: 'server-wins' })),
}
