import { yjs as engine } from '@rejoin/documents/yjs'
import type { Policy } from './policy.ts'

export const multiValue: Policy = {
  name: 'multi-value',
  about: 'All concurrent versions of the field are kept and listed until somebody writes it anew.',
  form: 'whole',
  registers: 'manual',
  open: () => Promise.resolve(() => engine),
}
