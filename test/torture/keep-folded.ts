import type { LogBatch, LogStore, StoreFactory } from '@rejoin/server'
import type { FoldedRow } from './ledger.ts'

/**
 * The store with a witness of folding: what a commit will take out of the log is noted before, so that every entry that
 * there ever was can be counted in the end. If the commit then fails or is killed, a row is in the log and noted too.
 */
export const keepFolded = (store: StoreFactory, note: (rows: readonly FoldedRow[]) => void): StoreFactory => ({
  open: async (...ports) => {
    const opened = await store.open(...ports)
    const { log } = opened
    const commit: LogStore['commit'] = async (batch) => {
      const rows = await foldedIn(log, batch)
      if (rows.length > 0) note(rows)
      return log.commit(batch)
    }
    const watched = new Proxy(log, {
      get: (target, name) => {
        const member: unknown = name === 'commit' ? commit : Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    return { ...opened, log: watched }
  },
})

async function foldedIn(log: LogStore, { spaces }: LogBatch): Promise<FoldedRow[]> {
  const folded: FoldedRow[] = []
  for (const { ref, folds = [] } of spaces)
    for (const { document, snapshot } of folds) {
      const rows = await log.documentRows(ref, document, snapshot.seq)
      const writers = await log.writersByNumber(ref, [...new Set(rows.map(({ writer }) => writer))])
      const ids = new Map(writers.map(({ number, writer }) => [number, writer]))
      for (const { seq, kind, writer, n } of rows)
        folded.push({ space: ref.space, seq, kind, writer: ids.get(writer) ?? '', n })
    }
  return folded
}
