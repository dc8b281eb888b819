import type { Engine } from '@rejoin/documents'

export const engineNames = ['yjs', 'automerge'] as const
export type EngineName = (typeof engineNames)[number]

/** How people write them. */
export const properName: Readonly<Record<EngineName, string>> = { yjs: 'Yjs', automerge: 'Automerge' }

/** Each engine is loaded when it is chosen. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  yjs: async () => (await import('@rejoin/documents/yjs')).yjs,
  automerge: async () => (await import('@rejoin/documents/automerge')).openAutomerge(),
}

export const openEngine = (name: EngineName): Promise<Engine> => loaders[name]()
