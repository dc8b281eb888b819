import * as Y from 'yjs'
import { eachTransaction } from './author-session.ts'
import type { Trace } from '@rejoin/lab/trace'

/** Two bare documents edited by hand, as an app on Yjs alone would have it. */
export interface Bare {
  readonly body: Y.Doc
  readonly registers: Y.Doc
  /** What an app would have to store and send. */
  readonly updates: readonly Uint8Array[]
}

export async function typeBare(trace: Trace): Promise<Bare> {
  const body = new Y.Doc({ guid: 'body' })
  const registers = new Y.Doc({ guid: 'registers' })
  const updates: Uint8Array[] = []
  for (const document of [body, registers]) document.on('update', (update: Uint8Array) => void updates.push(update))
  const root = body.getText('body')
  const map = registers.getMap('note')
  await eachTransaction(trace, (patches, index) => {
    body.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) root.delete(position, deleted)
        if (inserted !== '') root.insert(position, inserted)
      }
    })
    registers.transact(() => void map.set('position', index + 1))
  })
  return { body, registers, updates }
}

export const readBare = ({ body, registers }: Pick<Bare, 'body' | 'registers'>): unknown => ({
  body: body.getText('body').toJSON(),
  position: registers.getMap('note').get('position'),
})
