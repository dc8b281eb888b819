import { expect, test } from 'vitest'
import { address, entry, push } from './testing/peer.ts'
import { closeScene, openScene } from './testing/scene.ts'

test('[SE22] an entry of a generation that never was is refused without one, and the server goes on', async () => {
  const scene = await openScene()
  await scene.make('n1')
  const mallory = await scene.peer('mallory')
  const generation = { number: 7, id: 'f'.repeat(32) }
  mallory.send(
    { kind: 'documents', documents: [{ slot: 5, address: address('n1'), generation }] },
    push(entry(1, 'x', { document: 5 }), entry(2, 'y')),
  )
  await scene.world.settle()
  expect(mallory.of('reject')).toMatchObject([{ error: 'generation', intervals: [1, 1], generation: undefined }])
  expect(mallory.of('acks')).toMatchObject([{ intervals: [2, 2] }])
  await closeScene(scene)
})
