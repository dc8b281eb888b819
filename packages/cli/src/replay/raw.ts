import type { EngineName } from '../engines.ts'
import type { Trace } from '@rejoin/lab/trace'
import type { RawSession } from './roles.ts'

/**
 * What the same session costs two bare documents of an engine's library, edited by hand: the text in one, the position in
 * the other, and every update captured as an app would do to send it.
 */
export interface Raw {
  play(trace: Trace): RawSession
  /** The final states applied to two empty documents. */
  apply(states: RawSession['states']): RawApplied
}

export interface RawApplied {
  readonly applyMs: number
  readonly text: string
  readonly position: unknown
}

const loaders: Readonly<Record<EngineName, () => Promise<Raw>>> = {
  yjs: async () => (await import('./raw-yjs.ts')).rawYjs,
  automerge: async () => (await import('./raw-automerge.ts')).rawAutomerge,
}

/** Loaded when it is wanted: its library too. */
export const rawOf = (engine: EngineName): Promise<Raw> => loaders[engine]()
