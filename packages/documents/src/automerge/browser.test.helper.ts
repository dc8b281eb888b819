/** What a page does: it opens Automerge as a browser does, in a thread whose modules nobody else has loaded. */
import { RejoinError } from '@rejoin/base'
import { parentPort, workerData } from 'node:worker_threads'
import { openLibrary } from '../platform/automerge-browser.ts'
import { engineOver } from './over.ts'

const wasm = workerData as Uint8Array<ArrayBuffer>

const kindOfRefusal = await openLibrary().then(
  () => undefined,
  (cause: unknown) => (cause instanceof RejoinError ? cause.kind : String(cause)),
)
const fetched = Promise.withResolvers<Response>()
const [first, second] = [openLibrary(wasm), openLibrary(fetched.promise)]
const library = await first
const document = engineOver(library).create()
document.setClient(1)
document.transact(() => document.text.insert(0, 'kept'))
fetched.resolve(new Response(wasm, { headers: { 'content-type': 'application/wasm' } }))
const shared = (await second) === library && (await openLibrary()) === library
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage({ kindOfRefusal, shared, snapshot: document.snapshot() })
