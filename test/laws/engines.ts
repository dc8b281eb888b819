import type { Engine } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import type { Skips } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'

/** An engine whose laws are tried here. */
export interface Candidate {
  /** The engine's own. */
  readonly name: string
  /** Each thread opens it for itself. */
  open(): Promise<Engine>
  /** On how many histories `npm test` tries each law. */
  readonly runs: number
  readonly skips: Skips
}

export const candidates: readonly Candidate[] = [
  { name: 'yjs', open: async () => yjs, runs: 1_000, skips: new Map() },
  { name: 'automerge', open: openAutomerge, runs: 100, skips: new Map() },
]

/** Throws if there is no engine of this name. */
export function candidateNamed(name: string): Candidate {
  const found = candidates.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no engine ${name}`)
  return found
}
