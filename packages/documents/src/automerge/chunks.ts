import { fromHex, invariant } from '@rejoin/base'
import { digest } from 'lib0/hash/sha256'
import { genesis, rootNames } from './genesis.ts'
import type { RootName } from './genesis.ts'

/** What updates hold, chunk by chunk. */
export interface Chunks {
  /** Whole documents, as snapshots have them. */
  readonly documents: readonly Uint8Array[]
  readonly changes: readonly Uint8Array[]
  /** The containers that one of the changes names among those it builds on. */
  readonly roots: ReadonlySet<RootName>
  /** Whether some changes are compressed, so that nobody has looked what they build on. */
  readonly compressed: boolean
}

const magic = [0x85, 0x6f, 0x4a, 0x83]
const headerBytes = 9
const hashBytes = 32
const kinds = { document: 0, change: 1, compressed: 2 } as const

/** Takes updates apart. Throws an error that says why if they are not chunks from end to end. */
export function readChunks(all: readonly Uint8Array[]): Chunks {
  const documents: Uint8Array[] = []
  const changes: Uint8Array[] = []
  const roots = new Set<RootName>()
  let compressed = false
  for (const bytes of all) {
    for (let start = 0; start < bytes.length;) {
      const { kind, body, end } = readHeader(bytes, start)
      const chunk = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
      if (kind === kinds.document) documents.push(chunk)
      else changes.push(chunk)
      if (kind === kinds.compressed) compressed = true
      else if (kind === kinds.change) addRoots(roots, bytes, body)
      start = end
    }
  }
  return { documents, changes, roots, compressed }
}

/** Whether the four bytes of checksum are right: they begin the hash of what follows them. Not for compressed chunks. */
export function isWhole(chunk: Uint8Array): boolean {
  const hash = digest(chunk.subarray(8))
  return hash.subarray(0, 4).every((byte, i) => byte === chunk[4 + i])
}

/** The hash by which Automerge names a change, from its chunk. */
export const hashOf = (chunk: Uint8Array): Uint8Array => digest(chunk.subarray(8))

interface Header {
  readonly kind: number
  /** Where the content begins and ends. */
  readonly body: number
  readonly end: number
}

function readHeader(bytes: Uint8Array, start: number): Header {
  if (bytes.length - start < headerBytes + 1) throw new Error('a chunk is cut')
  if (!magic.every((byte, i) => bytes[start + i] === byte)) throw new Error('no chunk of Automerge begins here')
  const kind = bytes[start + 8] ?? -1
  if (kind > kinds.compressed) throw new Error(`no kind of chunk has the number ${kind}`)
  const { value, next } = readNumber(bytes, start + headerBytes)
  if (value > bytes.length - next) throw new Error('a chunk is cut')
  return { kind, body: next, end: next + value }
}

const numberBytesMax = 5

/** An unsigned LEB128. */
function readNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let i = 0; i < numberBytesMax; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  throw new Error('a number is cut or too long')
}

/** A change begins with the hashes of those it builds on. */
function addRoots(roots: Set<RootName>, bytes: Uint8Array, body: number): void {
  const { value, next } = readNumber(bytes, body)
  for (let i = 0; i < value && roots.size < rootNames.length; i++) {
    const at = next + i * hashBytes
    for (const { name, hash } of hashes) if (startsWith(bytes, at, hash)) roots.add(name)
  }
}

const hashes = rootNames.map((name) => {
  const hash = fromHex(genesis[name].hash)
  invariant(hash !== undefined, 'a hash in hex')
  return { name, hash }
})

function startsWith(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  if (bytes[at] !== part[0]) return false
  return part.every((byte, i) => bytes[at + i] === byte)
}
