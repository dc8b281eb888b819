import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Library } from '../automerge/library.ts'
import type { Api } from '../automerge/library.ts'
import { sharing } from '../automerge/sharing.ts'
import type { AutomergeWasm } from './automerge-wasm.ts'

export type { AutomergeWasm } from './automerge-wasm.ts'

interface Module extends Api {
  initializeWasm(wasm: AutomergeWasm): Promise<void>
}

/** A copy of the library. Its wasm is read from the package if it is not given. */
export const openLibrary = (wasm?: AutomergeWasm): Promise<Library> =>
  wasm === undefined ? packaged() : freshLibrary(wasm)

const packaged = sharing(() => freshLibrary(packagedWasm()))

let compiled: WebAssembly.Module | undefined

const require = createRequire(import.meta.url)

/** As CommonJS the library can be loaded again, which a module of ECMAScript cannot: each copy has a memory of its own. */
async function freshLibrary(wasm: AutomergeWasm): Promise<Library> {
  const path = require.resolve('@automerge/automerge/slim')
  delete require.cache[path]
  const copy: Module = require(path)
  delete require.cache[path]
  await copy.initializeWasm(wasm)
  return new Library(copy)
}

function packagedWasm(): WebAssembly.Module {
  const path = require.resolve('@automerge/automerge/automerge.wasm')
  return (compiled ??= new WebAssembly.Module(readFileSync(path)))
}
