import { RejoinError } from '@rejoin/base'
import * as automerge from '@automerge/automerge/slim'
import { Library } from '../automerge/library.ts'
import type { AutomergeWasm } from './automerge-wasm.ts'

export type { AutomergeWasm } from './automerge-wasm.ts'

/** One for the page or worker: a module of ECMAScript cannot be loaded again. */
let shared: Library | undefined

/** What opens it now. */
let last: Promise<unknown> = Promise.resolve()

/** One after the other: whoever starts the wasm beside another puts an empty memory under the documents of that one. */
export function openLibrary(wasm?: AutomergeWasm): Promise<Library> {
  const opened = last.then(() => openOnce(wasm))
  last = opened.catch(() => undefined)
  return opened
}

async function openOnce(wasm: AutomergeWasm | undefined): Promise<Library> {
  shared?.check()
  if (shared !== undefined) return shared
  if (wasm === undefined && !automerge.isWasmInitialized())
    throw new RejoinError(
      'bad-config',
      'openAutomerge needs `wasm` here: the file @automerge/automerge/automerge.wasm, as a URL, a response or bytes.',
    )
  if (wasm !== undefined) await automerge.initializeWasm(wasm as string)
  return (shared ??= new Library(automerge))
}
