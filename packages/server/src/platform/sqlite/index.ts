import { RejoinError, silent, toHex } from '@rejoin/base'
import type { Log, Random } from '@rejoin/base'
import { openDurable } from '@rejoin/storage/sqlite'
import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { OpenedStore, StoreFactory } from '../../log/factory.ts'
import { spaceKey } from '../../log/records.ts'
import { setBack } from '../../log/witness.ts'
import { toLife } from './columns.ts'
import { logFormat } from './format.ts'
import { readKey } from './key-file.ts'
import { SqliteLog } from './log.ts'
import { Statements } from './statements.ts'
import { WitnessFile } from './witness-file.ts'
import type { SpaceLife } from './witness-file.ts'

export interface SqliteOptions {
  /** The most memory for pages of the database, in bytes. */
  readonly cacheBytes?: number
}

/**
 * The embedded store: one folder with the database, the key of its tokens, and the witness that notices when the
 * database was restored. One process at a time.
 */
export const sqlite = (folder: string, options: SqliteOptions = {}): StoreFactory => ({
  open: async (random, log = silent) => open(folder, options, random, log),
})

function open(folder: string, options: SqliteOptions, random: Random, log: Log): OpenedStore {
  const { cacheBytes } = options
  const database = openDurable(join(folder, 'log.sqlite'), {
    format: logFormat,
    ...(cacheBytes !== undefined && { cacheBytes }),
  })
  try {
    const key = readKey(join(folder, 'token.key'), random)
    const witness = new WitnessFile(join(folder, 'witness.log'))
    startNewLives(database, witness, random)
    return { log: new SqliteLog(database, witness, log), key, durability: 'disk' }
  } catch (cause) {
    database.close()
    if (cause instanceof RejoinError) throw cause
    throw new RejoinError('storage-unavailable', `The folder ${folder} cannot be used.`, { cause })
  }
}

/** Spaces of which the witness has seen more than the database holds begin a new epoch. */
function startNewLives(database: DatabaseSync, witness: WitnessFile, random: Random): void {
  const statements = new Statements(database)
  const seen = witness.read()
  const lives: SpaceLife[] = statements.all('SELECT tenant, space, epoch, head FROM spaces').map(toLife)
  const now = lives.map((life) => {
    const before = seen.get(spaceKey(life.ref))
    return before !== undefined && setBack(life, before) ? { ...life, epoch: toHex(random.bytes(16)) } : life
  })
  database.exec('BEGIN IMMEDIATE')
  for (const [i, { ref, epoch }] of now.entries())
    if (epoch !== lives[i]?.epoch)
      statements.run('UPDATE spaces SET epoch = ? WHERE tenant = ? AND space = ?', epoch, ref.tenant, ref.space)
  database.exec('COMMIT')
  witness.rewrite(now)
}
