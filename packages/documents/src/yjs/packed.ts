import * as Y from 'yjs'
import { checkPlace } from './structs.ts'
import type { Decoded, Struct } from './structs.ts'

/**
 * How many structs so many bytes of encoding V2 may hold. It has a run for each column, so 21 bytes can ask for as
 * many structs as there are numbers (yjs#687). What we write in V2 keeps to this; other updates are written in V1.
 */
export const structsMax = (bytes: number): number => 4096 + 16 * bytes

/** Reads V2 as Yjs does, but not beyond what its bytes may hold. */
class BoundedDecoder extends Y.UpdateDecoderV2 {
  #left: number

  constructor(decoder: ConstructorParameters<typeof Y.UpdateDecoderV2>[0]) {
    super(decoder)
    this.#left = structsMax(decoder.arr.length)
  }

  /** Asked once for each struct. */
  override readInfo(): number {
    if (--this.#left < 0) throw new RangeError('more structs than the bytes may hold')
    return super.readInfo()
  }
}

export const decodePacked = (bytes: Uint8Array, into: Decoded): void =>
  sort(Y.decodeUpdateV2(bytes, BoundedDecoder), into)

/** What Yjs itself has set aside, which it may have packed closer. */
export const decodePending = (bytes: Uint8Array, into: Decoded): void => sort(Y.decodeUpdateV2(bytes), into)

function sort({ structs, ds }: ReturnType<typeof Y.decodeUpdateV2>, { sections, deletions }: Decoded): void {
  let section: Struct[] = []
  for (const struct of structs) {
    if (struct instanceof Y.Item) checkPlace(struct)
    if (section[0]?.id.client === struct.id.client) section.push(struct)
    else sections.push((section = [struct]))
  }
  for (const [client, ranges] of ds.clients) for (const { clock, len } of ranges) deletions.push({ client, clock, len })
}
