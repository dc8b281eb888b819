import * as Y from 'yjs'
import type { Bare, Bytes, Run } from './bare.ts'

/** Registers are `[key, stamp, value]` in the list `r`, the text is `t`, the list `l`. */
export function read(document: string, bytes: readonly Bytes[]): Bare {
  const doc = new Y.Doc({ guid: document })
  for (const each of bytes) {
    if (each.encoding === 'yjs-2') Y.applyUpdateV2(doc, each.bytes)
    else Y.applyUpdate(doc, each.bytes)
  }
  const seen = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)
  return {
    registers: doc.getArray<[string, number, unknown]>('r').toArray(),
    text: doc.getText('t').toJSON(),
    list: doc.getArray('l').toJSON(),
    waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
    seen: seen.join(' '),
  }
}

export function runsOf({ encoding, bytes }: Bytes): readonly Run[] {
  const { structs } = encoding === 'yjs-2' ? Y.decodeUpdateV2(bytes) : Y.decodeUpdate(bytes)
  return structs
    .filter((struct) => !(struct instanceof Y.Skip))
    .map(({ id, length }) => ({ client: `${id.client}`, from: id.clock, to: id.clock + length }))
}
