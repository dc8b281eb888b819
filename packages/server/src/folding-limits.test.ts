import { err, RejoinError } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'
import type { Folder } from './fold/folder.ts'
import { memory } from './log/memory.ts'
import { workerFolder } from './platform/worker-folder.ts'
import { entry, push } from './testing/peer.ts'
import { openScene } from './testing/scene.ts'

/** A text of so many letters, each put before the last one: in memory each is an item of its own. */
function backwards(letters: number): Update {
  const document = yjs.create()
  document.setClient(7)
  document.transact(() => {
    for (let i = 0; i < letters; i++) document.text.insert(0, 'x')
  })
  return document.snapshot()
}

test('[SE96] a document that takes more memory than it may fails alone', async () => {
  const folder = workerFolder({ msMax: 60_000, memoryMibMax: 24, growthMibMax: 4096 })
  const [small, large] = [backwards(3), backwards(200_000)]
  const folded = await folder.fold([[small], [large], [small]])
  expect(folded.map(({ ok }) => ok)).toEqual([true, false, true])
  expect(folded[1]).toMatchObject({ error: { kind: 'budget' } })
  await folder.close()
})

/** A folder that folds nothing, and how long the tails were that it was given. */
function refusing(): { readonly folder: Folder; readonly tails: readonly number[] } {
  const tails: number[] = []
  const folder: Folder = {
    encodings: ['yjs-1'],
    fold: async (documents) => {
      tails.push(...documents.map((updates) => updates.length))
      return documents.map(() => err({ kind: 'budget', message: 'as planned' }))
    },
    close: () => Promise.resolve(),
  }
  return { folder, tails }
}

test('[SE94] a document that cannot be folded is left alone until its tail has doubled', async () => {
  const { folder, tails } = refusing()
  const scene = await openScene({ folder, limits: { foldEntriesMin: 4 } })
  const ada = await scene.peer('ada')
  for (let n = 1; n <= 20; n++) {
    ada.send(push(entry(n, 'x')))
    await scene.world.settle()
  }
  expect(tails).toEqual([4, 8, 16])
})

test('[SE97] a failed look at the documents that are due does not end folding by itself', async () => {
  const { folder, tails } = refusing()
  let isBroken = true
  const inner = memory()
  const scene = await openScene({
    folder,
    limits: { foldEntriesMin: 4 },
    store: {
      open: async (random) => {
        const opened = await inner.open(random)
        const read = opened.log.documentsByNumber.bind(opened.log)
        opened.log.documentsByNumber = async (ref, numbers) => {
          if (isBroken) throw new RejoinError('storage-unavailable')
          return read(ref, numbers)
        }
        return opened
      },
    },
  })
  const ada = await scene.peer('ada')
  ada.send(push(...[1, 2, 3, 4].map((n) => entry(n, 'x'))))
  await scene.world.settle()
  isBroken = false
  ada.send(push(entry(5, 'x')))
  await scene.world.settle()
  expect(tails).toEqual([5])
})
