import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { structsMax } from './packed.ts'
import type { Deletions, Ranges, Struct } from './structs.ts'

/** What an update is written of. */
export interface Content {
  readonly sections: ReadonlyMap<number, readonly Struct[]>
  readonly deletions: Deletions
}

/** In V1, which suits a few structs, or in V2, which suits many: whichever is smaller. */
export function encodeSmallest(content: Content): Update {
  const plain = encode(new Y.UpdateEncoderV1(), content)
  const packed = encode(new Y.UpdateEncoderV2(), content)
  const structs = [...content.sections.values()].reduce((sum, section) => sum + section.length, 0)
  return plain.length <= packed.length || structs > structsMax(packed.length)
    ? { encoding: 'yjs-1', bytes: plain }
    : { encoding: 'yjs-2', bytes: packed }
}

/** In the encoding of the encoder. */
export function encode(encoder: Y.UpdateEncoderV1 | Y.UpdateEncoderV2, { sections, deletions }: Content): Uint8Array {
  encoding.writeVarUint(encoder.restEncoder, sections.size)
  for (const [client, structs] of byClient(sections)) {
    encoding.writeVarUint(encoder.restEncoder, structs.length)
    encoder.writeClient(client)
    encoding.writeVarUint(encoder.restEncoder, structs[0]?.id.clock ?? 0)
    for (const struct of structs) struct.write(encoder, 0)
  }
  writeDeletions(encoder, deletions)
  return encoder.toUint8Array()
}

/** A buffer that is worth keeping. */
const bufferBytesMax = 65_536
let transactionEncoder = new Y.UpdateEncoderV1()

/** Whether a transaction wrote or deleted anything. */
export function hasChanged({ deleteSet, beforeState, afterState }: Y.Transaction): boolean {
  if (deleteSet.clients.size > 0) return true
  for (const [client, clock] of afterState) if (beforeState.get(client) !== clock) return true
  return false
}

/**
 * What a finished transaction did, in the bytes that Yjs gives to listeners of 'update'. All share one buffer: Yjs
 * makes one for each transaction, which takes longer than to fill it.
 */
export function encodeTransaction({ doc, beforeState, afterState, deleteSet }: Y.Transaction): Uint8Array {
  const encoder = emptied()
  const clients = writersIn(beforeState, afterState)
  encoding.writeVarUint(encoder.restEncoder, clients.length)
  for (const client of clients)
    writeSince(encoder, doc.store.clients.get(client) ?? [], beforeState.get(client) ?? 0, client)
  writeDeletions(encoder, deleteSet)
  const { bufs, cbuf, cpos } = encoder.restEncoder
  return bufs.length === 0 ? cbuf.slice(0, cpos) : encoder.toUint8Array()
}

/** Highest first, as Yjs writes them. */
function writersIn(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number[] {
  const clients: number[] = []
  for (const [client, clock] of after) if (before.get(client) !== clock) clients.push(client)
  return clients.sort((a, b) => b - a)
}

function emptied(): Y.UpdateEncoderV1 {
  const { restEncoder } = transactionEncoder
  if (restEncoder.cbuf.length > bufferBytesMax) return (transactionEncoder = new Y.UpdateEncoderV1())
  restEncoder.cpos = 0
  restEncoder.bufs = []
  return transactionEncoder
}

/** A section of what one client has written since its clock was `before`. */
function writeSince(encoder: Y.UpdateEncoderV1, structs: Struct[], before: number, client: number): void {
  const first = Y.findIndexSS(structs, before)
  encoding.writeVarUint(encoder.restEncoder, structs.length - first)
  encoder.writeClient(client)
  encoding.writeVarUint(encoder.restEncoder, before)
  for (let i = first; i < structs.length; i++) {
    const struct = structs[i]
    struct?.write(encoder, Math.max(0, before - struct.id.clock))
  }
}

function writeDeletions(encoder: Y.UpdateEncoderV1 | Y.UpdateEncoderV2, deletions: Deletions): void {
  encoding.writeVarUint(encoder.restEncoder, deletions.clients.size)
  for (const [client, ranges] of byClient(deletions.clients)) {
    encoder.resetDsCurVal()
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, countSome(ranges))
    for (const { clock, len } of ranges) {
      if (len === 0) continue
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
}

function countSome(ranges: Ranges): number {
  let count = 0
  for (const { len } of ranges) if (len > 0) count++
  return count
}

/** Highest client first, as Yjs writes them: that order meets the fewest conflicts. */
const byClient = <T>(map: ReadonlyMap<number, T>): Iterable<readonly [number, T]> =>
  map.size < 2 ? map : [...map].sort(([a], [b]) => b - a)
