import { expect, test } from 'vitest'
import { collectionName, fieldName, firstGeneration, newEntityId } from '@rejoin/base'
import type { Random } from '@rejoin/base'
import { decodeServerFrame, encodeServerFrame } from './index.ts'
import type { DocumentDeclaration } from './index.ts'

let turn = 1
const random: Random = {
  bytes: (count) => Uint8Array.from({ length: count }, () => (turn = (turn * 48_271) % 0x7fffffff) & 255),
  float: () => 0.5,
}

test('[PR16] a note with registers and a text is declared in 25 bytes', () => {
  const notes = 500
  const documents = Array.from({ length: notes }, (_, i): readonly DocumentDeclaration[] => {
    const name = {
      collection: collectionName('notes'),
      entity: newEntityId(1_700_000_000_000 + i, random),
      part: 'shared',
    } as const
    return [
      { slot: 1000 + 2 * i, address: { ...name, field: '' }, generation: firstGeneration },
      { slot: 1001 + 2 * i, address: { ...name, field: fieldName('body') }, generation: firstGeneration },
    ]
  }).flat()
  const bytes = encodeServerFrame({ kind: 'documents', documents })
  expect(bytes.length / notes).toBeLessThanOrEqual(25)
  expect(decodeServerFrame(bytes)).toEqual({ ok: true, value: { kind: 'documents', documents } })
})
