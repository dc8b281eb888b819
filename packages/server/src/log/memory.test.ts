import { logStoreLaws } from '../testing/index.ts'
import { memory } from './memory.ts'
import type { MemoryBackup } from './memory.ts'

logStoreLaws('memory', async () => {
  const store = memory()
  let copy: MemoryBackup | undefined
  return {
    open: (random) => store.open(random),
    backup: async () => {
      copy = store.backup()
    },
    restore: async () => {
      if (copy !== undefined) store.restore(copy)
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
})
