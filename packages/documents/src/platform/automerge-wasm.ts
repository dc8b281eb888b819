/** What the library takes as its wasm. */
export type AutomergeWasm = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module
