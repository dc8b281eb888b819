import { openAutomerge } from '@rejoin/documents/automerge'
import type { Engine } from '@rejoin/documents'
import type { Policy } from './policy.ts'

let opened: Promise<Engine> | undefined

export const automerge: Policy = {
  name: 'automerge',
  about: 'Fields merge by their kinds, in Automerge.',
  form: 'merging',
  async open() {
    const engine = await (opened ??= openAutomerge())
    return () => engine
  },
}
