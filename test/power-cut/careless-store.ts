import type { Store } from '@rejoin/storage'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'

/** The mistake that the harness must see: a replica's file, written with `synchronous=NORMAL`. */
export async function carelessStore(folder: string): Promise<Pick<Store, 'commit' | 'close'>> {
  await (await sqliteStore(folder)).close()
  const database = new DatabaseSync(join(folder, 'replica.sqlite'))
  database.exec('PRAGMA locking_mode=exclusive; PRAGMA journal_mode=wal; PRAGMA synchronous=NORMAL')
  const remove = database.prepare('DELETE FROM kv WHERE key = ?')
  const removeRange = database.prepare('DELETE FROM kv WHERE key >= ? AND key < ?')
  const put = database.prepare('INSERT OR REPLACE INTO kv (key, value, sum) VALUES (?, ?, ?)')
  return {
    commit: async (batch) => {
      database.exec('BEGIN')
      for (const key of batch.remove ?? []) remove.run(key)
      for (const { from, to } of batch.removeRange ?? []) removeRange.run(from, to)
      for (const [key, value] of batch.put ?? []) put.run(key, value, crc32(key))
      database.exec('COMMIT')
      return { ok: true, value: undefined }
    },
    close: async () => database.close(),
  }
}
