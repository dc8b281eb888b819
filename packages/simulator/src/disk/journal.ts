import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { StoreFailure } from '@rejoin/storage'
import { encodeFrame, frameAt, isFollowed } from './frame.ts'
import type { Mount } from './mount.ts'

export interface JournalOptions {
  /**
   * A frame that is not whole, with whole ones behind it, was synced once: bits have rotted, or a disk lied. `refuse`,
   * the default, says `storage-corrupt` at the open; `cut` goes on from what is before it, as SQLite does with its log.
   * A damaged last frame is taken for one that the power cut off, and a damaged first one is always refused.
   */
  readonly damage?: 'refuse' | 'cut'
  /** The journal is written anew as one snapshot when this many bytes, and twice the last snapshot, came after it. */
  readonly compactBytes?: number
}

/** The state that a journal is the journal of. */
export interface JournalState {
  snapshot(): Promise<Uint8Array>
  restore(snapshot: Uint8Array): Promise<void>
  /** Does again what was done when this was appended. */
  replay(record: Uint8Array): Promise<void>
}

interface Call {
  /** Undefined for a read. */
  readonly record: Uint8Array | undefined
  /** Does it, and returns what gives the answer. */
  run(): Promise<() => void>
  fail(cause: unknown): void
}

const compactBytesDefault = 64 * 1024

/**
 * Calls on a state in the order in which they are made. A change is written down and synced before it is done; those
 * that wait are written together, in one frame. The file is a snapshot and the frames since.
 */
export class Journal {
  readonly #mount: Mount
  readonly #file: string
  readonly #state: JournalState
  readonly #options: JournalOptions
  #queue: Call[] = []
  #running: Promise<void> | undefined
  /** Of the last frame. */
  #number = 0
  #end = 0
  /** Where the end is too far from the snapshot. */
  #compactAt = 0

  private constructor(mount: Mount, file: string, state: JournalState, options: JournalOptions) {
    this.#mount = mount
    this.#file = file
    this.#state = state
    this.#options = options
  }

  /** Restores the state. Rejects with a `RejoinError` of a storage kind. */
  static async open(mount: Mount, file: string, state: JournalState, options: JournalOptions = {}): Promise<Journal> {
    const journal = new Journal(mount, file, state, options)
    await journal.#load(await mount.read(file))
    return journal
  }

  /** A failure means that nothing was done. */
  append<T>(record: Uint8Array, run: () => Promise<T>): Promise<Result<T, StoreFailure>> {
    return new Promise((resolve, reject) => {
      const done = async (): Promise<() => void> => {
        const value = await run()
        return () => resolve(ok(value))
      }
      const fail = (cause: unknown): void => {
        const failure = failureOf(cause)
        if (failure === undefined) reject(cause)
        else resolve(err(failure))
      }
      this.#add({ record, run: done, fail })
    })
  }

  read<T>(run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = async (): Promise<() => void> => {
        const value = await run()
        return () => resolve(value)
      }
      this.#add({ record: undefined, run: done, fail: reject })
    })
  }

  /** Resolves when every call so far was answered. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #load(bytes: Uint8Array | undefined): Promise<void> {
    if (bytes === undefined) return this.#rewrite()
    const first = frameAt(bytes, 0)
    const snapshot = first?.records[0]
    if (first === undefined || snapshot === undefined) throw this.#damaged()
    await this.#state.restore(snapshot)
    let frame = first
    for (let next = frameAt(bytes, frame.end); next?.number === frame.number + 1; next = frameAt(bytes, frame.end)) {
      frame = next
      for (const record of frame.records) await this.#state.replay(record)
    }
    this.#number = frame.number
    this.#end = frame.end
    this.#compactAt = this.#limitAfter(first.end)
    // A process that died may have left what is not durable yet: it is, before anybody sees it.
    if (this.#end >= bytes.length) return this.#mount.sync(this.#file)
    if (this.#options.damage !== 'cut' && isFollowed(bytes, frame.end, frame.number)) throw this.#damaged()
    // A frame behind the damage must never come to follow what is written next.
    return this.#rewrite()
  }

  #damaged(): RejoinError {
    return new RejoinError('storage-corrupt', `${this.#file} is damaged before its end; restore it or start anew.`)
  }

  #add(call: Call): void {
    this.#queue.push(call)
    this.#running ??= Promise.resolve().then(() => this.#run())
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const calls = this.#queue
      this.#queue = []
      for (let from = 0; from < calls.length;) {
        const group = groupAt(calls, from)
        await this.#answer(group)
        from += group.length
      }
    }
    this.#running = undefined
  }

  async #answer(group: readonly Call[]): Promise<void> {
    try {
      await this.#prepare(group)
      const answers: (() => void)[] = []
      for (const call of group) answers.push(await call.run())
      if (group[0]?.record !== undefined) await this.#mount.pass('answer', this.#file)
      for (const answer of answers) answer()
    } catch (cause) {
      for (const call of group) call.fail(cause)
      return
    }
    await this.#compactIfDue()
  }

  async #prepare(group: readonly Call[]): Promise<void> {
    const records = group.flatMap(({ record }) => (record === undefined ? [] : [record]))
    if (records.length === 0) return this.#mount.pass('read', this.#file)
    const frame = encodeFrame(this.#number + 1, records)
    // If this fails, the next frame takes the place of this one: of frames that follow, none is left from before.
    await this.#mount.write(this.#file, this.#end, frame)
    await this.#mount.sync(this.#file)
    this.#number++
    this.#end += frame.length
  }

  async #compactIfDue(): Promise<void> {
    if (this.#end <= this.#compactAt) return
    try {
      await this.#rewrite()
    } catch (cause) {
      if (failureOf(cause) === undefined) throw cause
      // The old file is as good as it was; a later append tries again.
      this.#compactAt = this.#limitAfter(this.#end)
    }
  }

  /** The whole file anew: a new one is written and synced, then takes the name of the old one. */
  async #rewrite(): Promise<void> {
    const fresh = `${this.#file}.new`
    const frame = encodeFrame(this.#number, [await this.#state.snapshot()])
    this.#mount.create(fresh)
    await this.#mount.write(fresh, 0, frame)
    await this.#mount.sync(fresh)
    await this.#mount.rename(fresh, this.#file)
    this.#end = frame.length
    this.#compactAt = this.#limitAfter(frame.length)
    await this.#mount.sync(this.#file)
  }

  #limitAfter(bytes: number): number {
    return bytes + Math.max(this.#options.compactBytes ?? compactBytesDefault, 2 * bytes)
  }
}

/** A read alone, or every change up to the next read. */
function groupAt(calls: readonly Call[], from: number): readonly Call[] {
  let to = from + 1
  if (calls[from]?.record !== undefined) while (to < calls.length && calls[to]?.record !== undefined) to++
  return calls.slice(from, to)
}

type DeviceKind = Exclude<StoreFailure['kind'], 'conflict'>
const deviceKinds: readonly string[] = ['storage-full', 'storage-unavailable', 'storage-corrupt'] satisfies DeviceKind[]
const isDeviceKind = (kind: string): kind is DeviceKind => deviceKinds.includes(kind)

/** Undefined if it is not the disk that failed. */
function failureOf(cause: unknown): StoreFailure | undefined {
  if (!(cause instanceof RejoinError) || !isDeviceKind(cause.kind)) return undefined
  return { kind: cause.kind, message: cause.message }
}
