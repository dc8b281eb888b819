import { fragile } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { parentPort } from 'node:worker_threads'
import { foldAll } from '../fold/answers.ts'
import type { FoldRequest } from './worker-folder.ts'

// A fold worker whose engine fails over every document in V2, and is lost then.
const { engine, fail } = fragile(yjs)
parentPort?.on('message', ({ documents }: FoldRequest) => {
  void foldAll(
    documents,
    async ([first]) => {
      if (first?.encoding === 'yjs-2') fail()
      return engine
    },
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    (answer) => parentPort?.postMessage(answer),
  )
})
