import type { Engine } from '@rejoin/documents'

export type EngineName = 'yjs'

/** Each engine is loaded when it is chosen. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  yjs: async () => (await import('@rejoin/documents/yjs')).yjs,
}

export const engineNames: readonly EngineName[] = ['yjs']

export const openEngine = (name: EngineName): Promise<Engine> => loaders[name]()
