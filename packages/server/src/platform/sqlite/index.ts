import { RejoinError, silent, toHex } from '@rejoin/base'
import type { Log, Random } from '@rejoin/base'
import { openDurable } from '@rejoin/storage/sqlite'
import type { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { OpenedStore, StoreFactory } from '../../log/factory.ts'
import { spaceKey } from '../../log/records.ts'
import { setBack } from '../../log/witness.ts'
import { reading } from './failure.ts'
import { logFormat } from './format.ts'
import { readKey } from './key-file.ts'
import { SqliteLog } from './log.ts'
import { readSpaces } from './spaces.ts'
import { Statements } from './statements.ts'
import { lifeOf, WitnessFile } from './witness-file.ts'
import type { SpaceLife } from './witness-file.ts'
import { writeRecord } from './writes.ts'

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
    reading(() => startNewLives(database, witness, random, log))
    return { log: new SqliteLog(database, witness, log), key, durability: 'disk' }
  } catch (cause) {
    database.close()
    if (cause instanceof RejoinError) throw cause
    throw new RejoinError('storage-unavailable', `The folder ${folder} cannot be used.`, { cause })
  }
}

/**
 * Spaces of which the witness has seen more than the database holds begin a new epoch; those that the database has
 * lost do so with their next commit. A row that is damaged says nothing, and its space cannot be read.
 */
function startNewLives(database: DatabaseSync, witness: WitnessFile, random: Random, log: Log): void {
  const statements = new Statements(database)
  const seen = new Map(witness.read())
  const lives: SpaceLife[] = []
  database.exec('BEGIN IMMEDIATE')
  for (const space of readSpaces(statements, log)) {
    const before = seen.get(spaceKey(space.ref))
    seen.delete(spaceKey(space.ref))
    const isSetBack = before !== undefined && setBack(lifeOf(space), before)
    const now = isSetBack ? { ...space, record: { ...space.record, epoch: toHex(random.bytes(16)) } } : space
    if (isSetBack) {
      writeRecord(statements, now)
      log('warn', 'log-set-back', { space: space.ref.space, head: space.record.head, seen: before.head })
    }
    lives.push(lifeOf(now))
  }
  database.exec('COMMIT')
  for (const { ref, head } of seen.values()) log('warn', 'log-set-back', { space: ref.space, head: 0, seen: head })
  witness.rewrite([...lives, ...seen.values()])
}
