import { err, invariant, RejoinError, toHex } from '@rejoin/base'
import type { Random, Result } from '@rejoin/base'
import { memory } from '@rejoin/server'
import type {
  LogBatch,
  LogFailure,
  LogStore,
  MemoryBackup,
  MemoryStore,
  OpenedStore,
  StoreFactory,
} from '@rejoin/server'
import { decodeStructured, encodeStructured } from '../platform/structured.ts'
import { aroundLog } from './around-log.ts'
import { failed, never, opening } from './fate.ts'
import type { Fate, FateOf } from './fate.ts'
import { Journal } from './journal.ts'
import type { JournalOptions, JournalState } from './journal.ts'
import { decodeLogBatch, encodeLogBatch } from './log-codec.ts'
import type { DiskPause, Mount } from './mount.ts'
import type { VirtualDisk } from './virtual-disk.ts'
import { replaceFile, WitnessLines } from './witness-lines.ts'
import type { SpaceLife } from './witness-lines.ts'

export type LogCall = 'open' | 'read' | 'commit'

export interface JournalLogOptions extends JournalOptions {
  readonly pause?: DiskPause
  /** A log reads no flipped bits: it says what is damaged. */
  readonly fateOf?: FateOf<LogCall>
  /**
   * What is known of the witness when a commit is answered. `written`, the default and what servers do: a power cut may
   * set it back. `synced`: whatever was answered and is lost later is noticed.
   */
  readonly witness?: 'written' | 'synced'
}

/** The database, as a copy for a backup names it. The witness and the key are kept outside of it. */
export const logFile = 'log'
const keyFile = 'token.key'
const keyBytes = 32

/** A server's log as a journal on a disk, with the key of its tokens and the witness beside it. */
export const journalLog = (disk: VirtualDisk, options: JournalLogOptions = {}): StoreFactory => ({
  open: async (random) => {
    const { pause, fateOf } = options
    await opening(fateOf?.('open', disk.nth('call open')))
    const mount = disk.mount(logFile, pause)
    try {
      return await open(mount, random, options, (call) => fateOf?.(call, disk.nth(`call ${call}`)))
    } catch (cause) {
      mount.release()
      throw cause
    }
  },
})

async function open(
  mount: Mount,
  random: Random,
  options: JournalLogOptions,
  fateOf: (call: LogCall) => Fate | undefined,
): Promise<OpenedStore> {
  const key = await readKey(mount, random)
  const store = memory()
  const { log } = await store.open(noRandom)
  const journal = await Journal.open(mount, logFile, journaled(store, log), options)
  const witness = new WitnessLines(mount, options.witness ?? 'written')
  await startNewLives(log, journal, witness, random)
  return { log: fated(journalLogOf(mount, log, journal, witness), fateOf), key, durability: 'disk' }
}

/** The state under a journal draws nothing: what chance decides is decided before it is written down. */
const noRandom: Random = { bytes: (count) => new Uint8Array(count), float: () => 0 }

const journaled = (store: MemoryStore, log: LogStore): JournalState => ({
  snapshot: async () => encodeStructured(store.backup()),
  // Only this file writes them.
  restore: async (snapshot) => store.restore(decodeStructured(snapshot) as MemoryBackup),
  replay: async (record) => void (await log.commit(decodeLogBatch(record))),
})

async function readKey(mount: Mount, random: Random): Promise<Uint8Array> {
  const key = await mount.read(keyFile)
  if (key?.length === keyBytes) return key
  if (key !== undefined) throw new RejoinError('storage-corrupt', `${keyFile} does not hold a key.`)
  const made = random.bytes(keyBytes)
  await replaceFile(mount, keyFile, made)
  return made
}

/** Spaces of which the witness has seen more than the log holds begin a new epoch. */
async function startNewLives(log: LogStore, journal: Journal, witness: WitnessLines, random: Random): Promise<void> {
  const seen = await witness.read()
  const now: SpaceLife[] = []
  for (const ref of await log.spaces()) {
    const record = await log.space(ref)
    const before = seen.get(`${ref.tenant}/${ref.space}`)
    const isSetBack = before !== undefined && (before.epoch !== record.epoch || before.head > record.head)
    const epoch = isSetBack ? toHex(random.bytes(16)) : record.epoch
    now.push({ ref, epoch, head: record.head })
    if (!isSetBack) continue
    const batch = { spaces: [{ ref, expectHead: record.head, record: { ...record, epoch } }] }
    const written = await journal.append(encodeLogBatch(batch), () => log.commit(batch))
    if (!written.ok) throw new RejoinError(written.error.kind === 'conflict' ? 'unavailable' : written.error.kind)
  }
  await witness.rewrite(now)
}

function journalLogOf(mount: Mount, log: LogStore, journal: Journal, witness: WitnessLines): LogStore {
  let isClosed = false
  const commit = async (batch: LogBatch): Promise<Result<void, LogFailure>> => {
    if (isClosed) return err({ kind: 'storage-unavailable', message: 'The log was closed.' })
    const written = await journal.append(encodeLogBatch(batch), async () => {
      const done = await log.commit(batch)
      if (done.ok) await note(witness, batch)
      return done
    })
    return written.ok ? written.value : written
  }
  const close = async (): Promise<void> => {
    if (isClosed || mount.isDead) return
    isClosed = true
    await journal.settled()
    mount.release()
  }
  const read = async <T>(run: () => Promise<T>): Promise<T> => {
    await mount.pass('read', logFile)
    return run()
  }
  return aroundLog(log, { read, commit, close })
}

/** The witness may lag, so what goes wrong here fails nothing. */
async function note(witness: WitnessLines, { spaces }: LogBatch): Promise<void> {
  if (spaces.length === 0) return
  try {
    await witness.note(spaces.map(({ ref, record }) => ({ ref, epoch: record.epoch, head: record.head })))
  } catch (cause) {
    invariant(cause instanceof RejoinError, 'only the disk may fail here')
  }
}

/** A log some of whose calls fail or are never answered. */
function fated(log: LogStore, fateOf: (call: LogCall) => Fate | undefined): LogStore {
  let isHung = false
  const next = async (call: LogCall): Promise<ReturnType<typeof failed>> => {
    const fate = fateOf(call)
    if (fate?.kind === 'hang') isHung = true
    return isHung ? never() : failed(fate, call)
  }
  return aroundLog(log, {
    read: async (run) => {
      const failure = await next('read')
      if (failure !== undefined) throw new RejoinError(failure.kind, failure.message)
      return run()
    },
    commit: async (batch) => {
      const failure = await next('commit')
      return failure === undefined ? log.commit(batch) : err(failure)
    },
    close: () => (isHung ? never() : log.close()),
  })
}
