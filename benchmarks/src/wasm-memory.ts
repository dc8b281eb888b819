/**
 * From now on adds up the memory of the WebAssembly instances that are made: no figure of Node but the resident memory
 * has it, and that has everything else, too.
 */
export function watchWasmMemory(): () => number {
  const memories: WebAssembly.Memory[] = []
  const instantiate = WebAssembly.instantiate
  const watched = async (source: WebAssembly.Module, imports?: WebAssembly.Imports): Promise<unknown> => {
    // Of bytes it gives the instance beside its module.
    const made: unknown = await instantiate(source, imports)
    const { instance } = made instanceof WebAssembly.Instance ? { instance: made } : (made as WebAssemblySource)
    const { memory } = instance.exports
    if (memory instanceof WebAssembly.Memory) memories.push(memory)
    return made
  }
  Object.assign(WebAssembly, { instantiate: watched })
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
}

type WebAssemblySource = WebAssembly.WebAssemblyInstantiatedSource
