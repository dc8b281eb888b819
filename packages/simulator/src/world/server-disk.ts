import { toHex } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { LogBatch, LogFailure, LogStore, StoreFactory } from '@rejoin/server'
import { aroundLog } from '../disk/around-log.ts'
import type { Fate } from '../disk/fate.ts'
import { journalLog } from '../disk/journal-log.ts'
import type { DiskStep } from '../disk/mount.ts'
import { VirtualDisk } from '../disk/virtual-disk.ts'
import type { Tape } from '../oracle/tape.ts'
import type { StrikeKind } from '../schedule/faults.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import type { Process } from './machine.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface ServerDiskDeps {
  readonly time: VirtualTime
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly tape: Tape
  readonly conditions: { readonly seed: number; readonly logDelayMs: number }
  readonly wrong: (sentences: readonly string[]) => void
  /** The server is about to hear that entries are durable. */
  readonly committed: () => void
}

/** The process that has the log open. */
export interface Host {
  readonly process: Process
  /** Whether it dies at this step. */
  readonly diesAt: (step: string, fault: StrikeKind) => boolean
}

export type LogTrouble = 'log-full' | 'log-error'

/** The disk of the server's log: outlives its processes. What it commits goes on the tape. */
export class ServerDisk {
  readonly #deps: ServerDiskDeps
  readonly #disk = new VirtualDisk()
  /** Commits that were begun and not answered, in their order: the log may have them all the same. */
  readonly #unanswered: LogBatch[] = []
  #isFolding = false
  #pauses = 0
  /** How calls fail for now. */
  trouble: LogTrouble | undefined

  constructor(deps: ServerDiskDeps) {
    this.#deps = deps
  }

  /** The process dies; with the power goes what was not synced. */
  crash(powerCut?: Dice): void {
    this.#isFolding = false
    if (powerCut === undefined) this.#disk.crash('process')
    else this.#disk.crash('power', powerCut)
  }

  /** The log of one process. */
  open(host: Host): StoreFactory {
    const factory = journalLog(this.#disk, {
      pause: (step) => this.#pause(host, step),
      fateOf: (call, nth) => this.#fate(call, nth),
    })
    return {
      open: async (random) => {
        const opened = await factory.open(random)
        await this.#reconcile(opened.log)
        const read = <T>(run: () => Promise<T>): Promise<T> => run()
        const commit: LogStore['commit'] = (batch) => this.#commit(batch, () => opened.log.commit(batch))
        return { ...opened, log: aroundLog(opened.log, { read, commit, close: () => opened.log.close() }) }
      },
    }
  }

  /** What was not answered before the process died is in the log or not; what was answered must be. */
  async #reconcile(log: LogStore): Promise<void> {
    const { tape, wrong } = this.#deps
    const found = new Set<LogBatch>()
    for (const batch of this.#unanswered) if (await isIn(log, batch)) found.add(batch)
    // The process may die in each of these reads: what is not known by then is asked of its successor.
    for (const batch of this.#unanswered.splice(0)) {
      const [first] = batch.spaces
      if (found.has(batch) && first !== undefined && tape.head(first.ref.space) === first.expectHead)
        wrong(tape.record(batch))
    }
    for (const ref of await log.spaces()) {
      const [{ head }, acked] = [await log.space(ref), tape.head(ref.space)]
      if (head !== acked)
        wrong([`[I1] the log of ${ref.space} ends at ${head} after a start, and had come to ${acked}`])
    }
  }

  async #commit(batch: LogBatch, run: () => Promise<Result<void, LogFailure>>): Promise<Result<void, LogFailure>> {
    const { time, trace, tape } = this.#deps
    this.#isFolding = batch.spaces.some(({ folds = [] }) => folds.length > 0)
    this.#unanswered.push(batch)
    const outcome = await run()
    const at = this.#unanswered.indexOf(batch)
    // A dead process is still refused what it asks for; its successor has seen to the batch.
    if (at === -1) return outcome
    this.#unanswered.splice(at, 1)
    this.#isFolding = false
    if (outcome.ok) this.#deps.wrong(tape.record(batch))
    const hasEntries = batch.spaces.some(({ rows = [] }) => rows.length > 0)
    const heads = batch.spaces.map(({ ref, record, expectHead }) => `${ref.space} ${expectHead}-${record.head}`)
    trace.note(time.elapsed, `server commits ${heads.join()} ${outcome.ok}`)
    if (outcome.ok && hasEntries) this.#deps.committed()
    return outcome
  }

  #pause({ process, diesAt }: Host, step: DiskStep): Promise<void> | undefined {
    const { counts, conditions } = this.#deps
    const fault = this.#isFolding && step !== 'read' ? 'crash-folding' : crashes[step]
    if (fault !== undefined) diesAt(step, fault)
    if (!process.isAlive) return never()
    if (conditions.logDelayMs === 0) return undefined
    counts.add('log-delay')
    this.#pauses += 1
    return process.sleep(diceOf(conditions.seed, 'server', 'pause', this.#pauses).between(0, conditions.logDelayMs))
  }

  #fate(call: string, nth: number): Fate | undefined {
    const { trouble } = this
    if (trouble === undefined || call === 'open') return undefined
    const isStruck =
      trouble === 'log-full'
        ? call === 'commit'
        : diceOf(this.#deps.conditions.seed, 'server', trouble, call, nth).chance(0.3)
    if (!isStruck) return undefined
    this.#deps.counts.add(trouble)
    return { kind: 'fail', failure: trouble === 'log-full' ? 'storage-full' : 'storage-unavailable' }
  }
}

/** Whether the log has been where the batch would have brought it, by its chain. */
async function isIn(log: LogStore, { spaces: [first] }: LogBatch): Promise<boolean> {
  if (first === undefined) return false
  const { head, hash } = first.record
  const found = await log.hashAt(first.ref, head)
  return found !== undefined && toHex(found) === toHex(hash)
}

/** Before each step of its disk the server may die. */
const crashes: Readonly<Partial<Record<DiskStep, StrikeKind>>> = {
  write: 'crash-begin',
  sync: 'crash-insert',
  answer: 'crash-sync',
}

/** Nothing that a dead process began goes on. */
const never = (): Promise<never> => new Promise(() => undefined)
