import { yjs } from '@rejoin/documents/yjs'
import { parentPort } from 'node:worker_threads'
import { foldUpdates } from '../fold/fold.ts'
import type { FoldRequest, FoldResponse } from './worker-folder.ts'

// Runs in the worker thread: one document after the other, each answered at once.
parentPort?.on('message', ({ documents }: FoldRequest) => {
  for (const [index, updates] of documents.entries()) {
    const response: FoldResponse = { index, folded: foldUpdates(yjs, updates) }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(response)
  }
})
