/**
 * From now on adds up the memory of the WebAssembly instances that are made: no figure of Node but the resident memory
 * has it, and that has everything else, too.
 */
export function watchWasmMemory(): () => number {
  const memories: WebAssembly.Memory[] = []
  const keep = ({ exports: { memory } }: WebAssembly.Instance): void => {
    if (memory instanceof WebAssembly.Memory) memories.push(memory)
  }
  const { instantiate, Instance } = WebAssembly
  const watched = async (source: WebAssembly.Module, imports?: WebAssembly.Imports): Promise<unknown> => {
    // Of bytes it gives the instance beside its module.
    const made: unknown = await instantiate(source, imports)
    keep(made instanceof Instance ? made : (made as WebAssemblySource).instance)
    return made
  }
  const WatchedInstance = new Proxy(Instance, {
    construct(target, [source, imports]: [WebAssembly.Module, WebAssembly.Imports | undefined]) {
      const made = new target(source, imports)
      keep(made)
      return made
    },
  })
  Object.assign(WebAssembly, { instantiate: watched, Instance: WatchedInstance })
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
}

type WebAssemblySource = WebAssembly.WebAssemblyInstantiatedSource
