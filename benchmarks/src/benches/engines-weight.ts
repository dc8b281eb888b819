import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Case, Contestant } from '../bench.ts'
import { moduleGraph } from '../module-graph.ts'

/** What a page has to fetch: all modules of the library one behind another, not minified, and the wasm beside them. */
export const weight = (): Case => ({
  name: 'weight: the modules, and the wasm',
  count: 1,
  unit: 'libraries',
  once: true,
  contestants: [
    weighing('yjs', 'yjs', undefined),
    weighing('automerge', '@automerge/automerge/slim', '@automerge/automerge/automerge.wasm'),
  ],
})

interface Weight {
  readonly modules: Uint8Array
  readonly wasm: Uint8Array | undefined
}

function weighing(name: string, entry: string, wasm: string | undefined): Contestant {
  return {
    name,
    role: 'peer',
    run: (): Weight => ({
      modules: Buffer.concat([...moduleGraph(entry).values()]),
      wasm: wasm === undefined ? undefined : readFileSync(new URL(import.meta.resolve(wasm))),
    }),
    verify(result) {
      const { modules, wasm: bytes } = result as Weight
      assert.ok(modules.length > 100_000)
      assert.equal(bytes === undefined || WebAssembly.validate(Buffer.from(bytes)), true)
    },
    figures(result) {
      const { modules, wasm: bytes } = result as Weight
      return {
        'KB modules': modules.length / 1000,
        'KB modules gz': zipped(modules) / 1000,
        ...(bytes && { 'KB wasm': bytes.length / 1000, 'KB wasm gz': zipped(bytes) / 1000 }),
      }
    },
  }
}

const zipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length
