import type { Engine, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { parentPort } from 'node:worker_threads'
import { loadAutomerge } from '../engines.ts'
import { foldAll } from '../fold/answers.ts'
import type { FoldRequest } from './worker-folder.ts'

/** Automerge is loaded with the first document that is in it. */
const engineOf = async ([first]: readonly Update[]): Promise<Engine> =>
  first?.encoding === 'automerge' ? loadAutomerge() : yjs

// Runs in the worker thread: one document after the other, each answered at once.
parentPort?.on('message', ({ documents }: FoldRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void foldAll(documents, engineOf, (answer) => parentPort?.postMessage(answer))
})
