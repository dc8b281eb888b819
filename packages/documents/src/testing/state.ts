import type { EngineDocument } from '../engine.ts'

/**
 * What a document says, as text: equal on replicas that have seen the same updates. Made of contents, never
 * of bytes or state vectors, which can agree between documents that differ and differ between equal ones.
 */
export function stateOf(document: EngineDocument): string {
  const { text, list, registers } = document
  const survivors = [...registers.keys()]
    .sort()
    .map((key) => [key, registers.survivors(key).map(({ stamp, value }) => [stamp, value])])
  return JSON.stringify({
    text: text.read(),
    runs: text.runs(),
    list: list.read(),
    registers: survivors,
    lengths: [text.length, list.length],
  })
}
