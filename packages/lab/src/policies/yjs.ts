import { yjs as engine } from '@rejoin/documents/yjs'
import type { Policy } from './policy.ts'

export const yjs: Policy = {
  name: 'yjs',
  about: 'Fields merge by their kinds, in Yjs: Rejoin as it is.',
  form: 'merging',
  open: () => Promise.resolve(() => engine),
}
