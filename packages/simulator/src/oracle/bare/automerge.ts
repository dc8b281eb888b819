import { toHex } from '@rejoin/base'
import { A } from '../../platform/automerge.ts'
import type { Bare, Bytes, Run } from './bare.ts'

/** The root of a document. */
export interface Content {
  readonly r: Record<string, string>
  readonly t: string
  readonly l: string[]
}

/** Registers are the map `r`, whose values are `[stamp, value]` as JSON, the text is `t`, the list `l` has its items as JSON. */
export function read(_document: string, bytes: readonly Bytes[]): Bare {
  const chunks = bytes.flatMap((each) => chunksOf(each.bytes))
  let doc = A.init<Content>()
  for (const { kind, bytes: whole } of chunks) if (kind === snapshotKind) doc = A.loadIncremental(doc, whole)
  const changes = chunks.filter(({ kind }) => kind === changeKind).map((chunk) => chunk.bytes)
  ;[doc] = A.applyChanges(doc, [...genesis, ...changes])
  const { r, t, l } = doc
  const registers = Object.keys(r).flatMap((key) =>
    Object.values(A.getConflicts(r, key) ?? { one: r[key] }).map((entry) => {
      const [stamp, value] = JSON.parse(String(entry)) as [number, unknown]
      return [key, stamp, value] as const
    }),
  )
  return {
    registers,
    text: t,
    list: l.map((item): unknown => JSON.parse(item)),
    waits: A.getMissingDeps(doc, []).length > 0,
    seen: [...A.getHeads(doc)].sort().join(' '),
  }
}

export const runsOf = ({ bytes }: Bytes): readonly Run[] =>
  chunksOf(bytes).map((chunk) => {
    const { actor, startOp, ops, hash } = A.decodeChange(chunk.bytes)
    if (!hash.startsWith(toHex(chunk.checksum))) throw new Error(`a change of ${actor} has the checksum of another`)
    return { client: actor, from: startOp, to: startOp + ops.length }
  })

/** What makes the three containers is in no update: one change each, of an actor called as it is. */
export const genesis: readonly Uint8Array[] = (
  [
    ['72', 'makeMap', 'r'],
    ['74', 'makeText', 't'],
    ['6c', 'makeList', 'l'],
  ] as const
).map(([actor, action, key]) =>
  A.encodeChange({
    actor,
    author: null,
    seq: 1,
    startOp: 1,
    time: 0,
    message: null,
    deps: [],
    ops: [{ action, obj: '_root', key, pred: [] }],
  }),
)

interface Chunk {
  readonly kind: number
  readonly checksum: Uint8Array
  readonly bytes: Uint8Array
}

const snapshotKind = 0
const changeKind = 1

/** Four bytes that are always the same, four of a checksum, the kind, and a length in front of as many bytes. */
function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const chunks: Chunk[] = []
  for (let start = 0; start < bytes.length;) {
    let [at, length] = [start + 9, 0]
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0
      length += (byte % 128) * shift
      if (byte < 128) break
    }
    const [kind = -1, end] = [bytes[start + 8], at + length]
    if (toHex(bytes.subarray(start, start + 4)) !== '856f4a83' || kind > changeKind || end > bytes.length)
      throw new Error(`no chunk of Automerge is at ${start}: ${toHex(bytes.subarray(start, start + 12))}`)
    chunks.push({ kind, checksum: bytes.subarray(start + 4, start + 8), bytes: bytes.subarray(start, end) })
    start = end
  }
  return chunks
}
