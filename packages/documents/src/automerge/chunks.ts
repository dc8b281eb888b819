import { fromHex, invariant, toHex } from '@rejoin/base'
import { digest } from 'lib0/hash/sha256'
import { genesis, rootNames } from './genesis.ts'
import type { RootName } from './genesis.ts'
import { actorBytes } from './library.ts'
import type { Hash } from './library.ts'

/** What updates hold, chunk by chunk. */
export interface Chunks {
  /** Whole documents, as snapshots begin with. */
  readonly documents: readonly Uint8Array[]
  readonly changes: readonly Uint8Array[]
  /** The containers that a change names among those it builds on, or that a document says it has. */
  readonly roots: ReadonlySet<RootName>
  /** The last changes of each document, and the last of the changes: to have these is to have been through all of it. */
  readonly last: readonly Hash[]
}

const magic = [0x85, 0x6f, 0x4a, 0x83]
const kindAt = 8
const hashBytes = 32
/** There are compressed changes and bundles, too: nothing of ours is written so. */
const kinds = { document: 0, change: 1 } as const

/** Takes updates apart. Throws an error that says why if they are not chunks of ours from end to end. */
export function readChunks(all: readonly Uint8Array[]): Chunks {
  const documents: Uint8Array[] = []
  const changes: Uint8Array[] = []
  const roots = new Set<RootName>()
  const last: Hash[] = []
  for (const bytes of all) {
    if (bytes.length === 0) throw new Error('no chunk is no update')
    for (let start = 0; start < bytes.length;) {
      const { kind, body, end } = readHeader(bytes, start)
      const chunk = end - start === bytes.length ? bytes : bytes.subarray(start, end)
      const reader = new ChunkReader(bytes, body)
      if (kind === kinds.document) {
        for (let count = reader.number(); count > 0; count--) addActor(roots, reader, chunk)
        for (let count = reader.count(hashBytes); count > 0; count--) last.push(reader.hash())
        documents.push(chunk)
      } else {
        for (let count = reader.count(hashBytes); count > 0; count--) addRoot(roots, reader)
        if (addActor(roots, reader, chunk)) changes.push(chunk)
      }
      start = end
    }
  }
  const lastChange = changes.at(-1)
  if (lastChange !== undefined) last.push(hashOf(lastChange))
  return { documents, changes, roots, last }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The hash by which Automerge names a change, from its chunk. */
export const hashOf = (chunk: Uint8Array): Hash => toHex(digest(chunk.subarray(kindAt)))

/** Whether the checksum is right. */
export const isWhole = (chunk: Uint8Array): boolean => hasChecksumOf(chunk, hashOf(chunk))

/** A checksum is the beginning of the hash. */
export const hasChecksumOf = (chunk: Uint8Array, hash: Hash): boolean =>
  hash.startsWith(toHex(chunk.subarray(magic.length, kindAt)))

/** Of two changes with one checksum one may be damaged in its content. */
export const hasSameChecksum = (one: Uint8Array, other: Uint8Array): boolean => {
  for (let at = magic.length; at < kindAt; at++) if (one[at] !== other[at]) return false
  return true
}

interface Header {
  readonly kind: number
  /** Where the content begins and ends. */
  readonly body: number
  readonly end: number
}

function readHeader(bytes: Uint8Array, start: number): Header {
  if (!magic.every((byte, i) => bytes[start + i] === byte)) throw new Error('no chunk of Automerge begins here')
  const kind = bytes[start + kindAt]
  if (kind !== kinds.document && kind !== kinds.change) throw new Error(`no chunk of ours is of kind ${kind}`)
  const reader = new ChunkReader(bytes, start + kindAt + 1)
  const length = reader.count(1)
  return { kind, body: reader.at, end: reader.at + length }
}

/** Adds the container if the hash is that of its change. */
function addRoot(roots: Set<RootName>, reader: ChunkReader): void {
  const start = reader.skip(hashBytes)
  for (const { root, hash } of hashes) if (reader.holds(start, hash)) roots.add(root)
}

/** Whether an actor is a client; else it must be that of a container, and the chunk the change that makes this, or a document. */
function addActor(roots: Set<RootName>, reader: ChunkReader, chunk: Uint8Array): boolean {
  const length = reader.count(1)
  const start = reader.skip(length)
  if (length === actorBytes) return true
  const root = rootNames.find((name) => reader.holds(start, genesis[name].actor))
  const isOurs = length === 1 && root !== undefined
  const { bytes } = isOurs ? genesis[root] : { bytes: undefined }
  const isGenesis = bytes !== undefined && bytes.length === chunk.length && bytes.every((byte, i) => byte === chunk[i])
  if (!isOurs || (chunk[kindAt] === kinds.change && !isGenesis)) throw new Error('an actor is no client')
  roots.add(root)
  return false
}

const hashes = rootNames.map((root) => {
  const hash = fromHex(genesis[root].hash)
  invariant(hash !== undefined, 'a hash in hex')
  return { root, hash }
})

const numberBytesMax = 5

class ChunkReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  /** An unsigned LEB128. */
  number(): number {
    let value = 0
    for (let i = 0; i < numberBytesMax; i++) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw new Error('a number is cut or too long')
  }

  /** How many things of a size follow; never more than the bytes can hold. */
  count(size: number): number {
    const count = this.number()
    if (count * size > this.#bytes.length - this.at) throw new Error('a chunk is cut')
    return count
  }

  /** Where they start that are passed over. */
  skip(length: number): number {
    const start = this.at
    this.at += length
    return start
  }

  hash(): Hash {
    const start = this.skip(hashBytes)
    return toHex(this.#bytes.subarray(start, this.at))
  }

  holds(start: number, part: Uint8Array): boolean {
    if (this.#bytes[start] !== part[0]) return false
    return part.every((byte, i) => this.#bytes[start + i] === byte)
  }
}
