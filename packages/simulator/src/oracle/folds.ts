import * as Y from 'yjs'
import type { TapeFold, TapeRow } from './tape.ts'

/**
 * Whether a snapshot is what the rows make that it stands for, by bare Yjs: the same containers with the same
 * content. Registers are compared as sets of their survivors.
 */
export function wrongFold(rows: readonly TapeRow[], { document, seq, encoding, bytes }: TapeFold): string | undefined {
  const naive = new Y.Doc({ guid: document })
  for (const row of rows) if (row.document === document && row.seq <= seq && row.kind === 'update') apply(naive, row)
  const folded = new Y.Doc({ guid: document })
  apply(folded, { encoding, bytes })
  const [expected, found] = [contentOf(naive), contentOf(folded)]
  return expected === found
    ? undefined
    : `[I14] the snapshot of ${document} at ${seq} has ${found.slice(0, 80)}, its rows ${expected.slice(0, 80)}`
}

function apply(doc: Y.Doc, { encoding, bytes }: Pick<TapeRow, 'encoding' | 'bytes'>): void {
  if (encoding === 'yjs-2') Y.applyUpdateV2(doc, bytes)
  else Y.applyUpdate(doc, bytes)
}

const contentOf = (doc: Y.Doc): string =>
  JSON.stringify([
    doc
      .getArray('r')
      .toArray()
      .map((row) => JSON.stringify(row))
      .sort(),
    doc.getText('t').toJSON(),
    doc.getArray('l').toJSON(),
    doc.store.pendingStructs === null,
  ])
