import type { Encoding } from '@rejoin/base'
import type { EngineName } from '../../world/app.ts'
import * as automerge from './automerge.ts'
import * as yjs from './yjs.ts'

/** Bytes as a log has them. */
export interface Bytes {
  readonly encoding: Encoding
  readonly bytes: Uint8Array
}

/** What a document holds, read by nothing but the library that it is of. */
export interface Bare {
  /** Writes that none has replaced which saw them. */
  readonly registers: readonly (readonly [key: string, stamp: number, value: unknown])[]
  readonly text: string
  readonly list: readonly unknown[]
  /** Some of it builds on what is not there. */
  readonly waits: boolean
  /** All that it has seen; equal of equal sets of updates. */
  readonly seen: string
}

/** Consecutive operations of one client, the first counted in and the last not. */
export interface Run {
  readonly client: string
  readonly from: number
  readonly to: number
}

/** One library, as little of it as it takes to read. */
interface BareLibrary {
  read(document: string, bytes: readonly Bytes[]): Bare
  /** What an update holds. Throws on bytes that are damaged. */
  runsOf(bytes: Bytes): readonly Run[]
}

const libraries: Readonly<Record<EngineName, BareLibrary>> = { yjs, automerge }

/** The engine that bytes are of. */
export const engineOf = ({ encoding }: Bytes): EngineName => (encoding === 'automerge' ? 'automerge' : 'yjs')

/** Reads all of a document; its bytes are of one library. */
export function readBare(document: string, bytes: readonly Bytes[]): Bare {
  const [first] = bytes
  return libraries[first === undefined ? 'yjs' : engineOf(first)].read(document, bytes)
}

export const runsOf = (bytes: Bytes): readonly Run[] => libraries[engineOf(bytes)].runsOf(bytes)
