import { expect, test } from 'vitest'
import { watchWasmMemory } from './wasm-memory.ts'

/** One page of memory, exported. */
const bytes = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[5, 3, 1, 0, 1],
  ...[7, 10, 1, 6, ...new TextEncoder().encode('memory'), 2, 0],
)

test('the memories of all instances are added up as they grow, made of bytes or of a module, now or later', async () => {
  const total = watchWasmMemory()
  expect(total()).toBe(0)
  const { instance } = await WebAssembly.instantiate(bytes)
  await WebAssembly.instantiate(new WebAssembly.Module(bytes))
  expect(new WebAssembly.Instance(new WebAssembly.Module(bytes))).toBeInstanceOf(WebAssembly.Instance)
  expect(total()).toBe(3 * 65_536)
  const { memory } = instance.exports
  if (memory instanceof WebAssembly.Memory) memory.grow(3)
  expect(total()).toBe(6 * 65_536)
})
