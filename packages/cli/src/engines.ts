import type { Engine } from '@rejoin/documents'

export type EngineName = 'yjs' | 'automerge'

/** Each engine is loaded when it is chosen. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  yjs: async () => (await import('@rejoin/documents/yjs')).yjs,
  automerge: async () => (await import('@rejoin/documents/automerge')).openAutomerge(),
}

export const engineNames: readonly EngineName[] = ['yjs', 'automerge']

export const openEngine = (name: EngineName): Promise<Engine> => loaders[name]()
