import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Library } from '../automerge/library.ts'
import type { Api } from '../automerge/library.ts'
import type { AutomergeWasm } from './automerge-wasm.ts'

export type { AutomergeWasm } from './automerge-wasm.ts'

interface Module extends Api {
  initializeWasm(wasm: AutomergeWasm): Promise<void>
}

/** One for all who ask without wasm of their own, until it is lost. */
let shared: Promise<Library> | undefined
let compiled: WebAssembly.Module | undefined

/** A copy of the library. Its wasm is read from the package if it is not given. */
export async function openLibrary(wasm?: AutomergeWasm): Promise<Library> {
  if (wasm !== undefined) return freshLibrary(wasm)
  const library = await (shared ??= freshLibrary(packagedWasm()))
  if (!library.lost) return library
  shared = undefined
  return openLibrary()
}

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
