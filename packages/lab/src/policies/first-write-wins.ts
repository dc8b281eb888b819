import { yjs as engine } from '@rejoin/documents/yjs'
import type { Json } from '@rejoin/schema'
import type { Policy } from './policy.ts'

export const firstWriteWins: Policy = {
  name: 'first-write-wins',
  about:
    'Of concurrent versions of the field the one that was written earliest is shown, by a hybrid clock; whoever writes the field again gives up the time of the version before.',
  form: 'whole',
  // Oldest first. What somebody wrote over their own version has replaced it, and is as young as it is.
  registers: { resolve: (versions: readonly Json[]) => versions[0] ?? null },
  open: () => Promise.resolve(() => engine),
}
