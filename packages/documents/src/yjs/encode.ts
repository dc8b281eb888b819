import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { structsMax } from './packed.ts'
import type { Deletions, Struct } from './structs.ts'

type Sections = ReadonlyMap<number, readonly Struct[]>

/** In V1, which suits a few structs, or in V2, which suits many: whichever is smaller. */
export function encodeSmallest(sections: Sections, deletions: Deletions): Update {
  const plain = encode(new Y.UpdateEncoderV1(), sections, deletions)
  const packed = encode(new Y.UpdateEncoderV2(), sections, deletions)
  const structs = [...sections.values()].reduce((sum, section) => sum + section.length, 0)
  return plain.length <= packed.length || structs > structsMax(packed.length)
    ? { encoding: 'yjs-1', bytes: plain }
    : { encoding: 'yjs-2', bytes: packed }
}

function encode(encoder: Y.UpdateEncoderV1 | Y.UpdateEncoderV2, sections: Sections, deletions: Deletions): Uint8Array {
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

function writeDeletions(encoder: Y.UpdateEncoderV1 | Y.UpdateEncoderV2, deletions: Deletions): void {
  encoding.writeVarUint(encoder.restEncoder, deletions.clients.size)
  for (const [client, ranges] of byClient(deletions.clients)) {
    encoder.resetDsCurVal()
    encoding.writeVarUint(encoder.restEncoder, client)
    const some = ranges.filter((range) => range.len > 0)
    encoding.writeVarUint(encoder.restEncoder, some.length)
    for (const { clock, len } of some) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
}

/** Highest client first, as Yjs writes them: that order meets the fewest conflicts. */
const byClient = <T>(map: ReadonlyMap<number, T>): [number, T][] => [...map].sort(([a], [b]) => b - a)
