import { lastWriteWins } from '@rejoin/documents/lww'
import type { Policy } from './policy.ts'

export const clientWins: Policy = {
  name: 'client-wins',
  about:
    'What a device sends replaces the record that the server has, whatever that was: the same as lww-record-arrival.',
  form: 'whole',
  byArrival: true,
  open: () => Promise.resolve(() => lastWriteWins({ unit: 'record', order: 'client-wins' })),
}
