import { invariant, RejoinError } from '@rejoin/base'
import type { getBackend } from '@automerge/automerge/slim'
import type { WriteId } from '../engine.ts'

/** A document of Automerge, below the JavaScript objects that it usually shows. */
export type RawHandle = ReturnType<typeof getBackend>

/** What is needed of the module `@automerge/automerge/slim`, once its wasm runs. */
export interface Api {
  init(): object
  getBackend(document: object): RawHandle
  encodeChange(change: PlainChange): Uint8Array
  decodeChange(bytes: Uint8Array): DecodedChange
}

/** SHA-256 of a change, in hex: its name. */
export type Hash = string
/** The changes of which no other one knows: together they name a state. */
export type Heads = readonly Hash[]
/** Names an operation, and what it made: `counter@actor`. */
export type OpId = string

/** A change of Automerge, decoded. */
export interface PlainChange {
  readonly actor: string
  /** Counts the changes of the actor, from 1. */
  readonly seq: number
  /** The counter of the first operation; the others count up. */
  readonly startOp: number
  /** Seconds since 1970; of ours always 0, because time says nothing about order. */
  readonly time: number
  readonly message: string | null
  readonly deps: Heads
  readonly ops: readonly PlainOp[]
}

export interface DecodedChange extends PlainChange {
  readonly hash: Hash
}

export interface PlainOp {
  readonly action: string
  readonly obj: OpId
  /** Where in a map. */
  readonly key?: string
  /** Where in a text or list: the element it is about, or behind which it inserts; `_head` is the start. */
  readonly elemId?: OpId
  readonly insert?: boolean
  readonly value?: unknown
  readonly datatype?: string
  readonly name?: string
  readonly expand?: boolean
  /** What it replaces. */
  readonly pred: readonly OpId[]
}

/** One instance of Automerge's wasm: all its documents share one memory, and are lost together. */
export class Library {
  readonly #api: Api
  readonly #make: HandleClass
  #lost: { readonly cause: unknown } | undefined

  constructor(api: Api) {
    this.#api = api
    const first = api.getBackend(api.init())
    this.#make = classOf(first)
    first.free()
  }

  get lost(): boolean {
    return this.#lost !== undefined
  }

  /** Throws `engine-lost` if the wasm has failed inside. */
  check(): void {
    if (this.#lost !== undefined) throw new RejoinError('engine-lost', undefined, this.#lost)
  }

  create(actor: string): Handle {
    return new Handle(
      this,
      this.call(() => this.#make.new(actor)),
    )
  }

  encodeChange(change: PlainChange): Uint8Array {
    return this.call(() => this.#api.encodeChange(change))
  }

  /** Throws `undecodable` on what is no change. */
  decodeChange(bytes: Uint8Array): DecodedChange {
    try {
      return this.call(() => this.#api.decodeChange(bytes))
    } catch (cause) {
      this.check()
      throw new RejoinError('undecodable', undefined, { cause })
    }
  }

  /** Every call into the wasm goes through here: after a trap its memory is in no known state. */
  call<T>(run: () => T): T {
    this.check()
    try {
      return run()
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError || !this.#lives()) this.#lost = { cause }
      this.check()
      throw cause
    }
  }

  /** A trap, such as an overflow of the stack, can show as another error; every call after it fails. */
  #lives(): boolean {
    try {
      this.#make.new('00').free()
      return true
    } catch {
      return false
    }
  }
}

/** A document of Automerge whose every call is guarded. */
export class Handle {
  readonly library: Library
  readonly #raw: RawHandle
  /** Thrown by every call once the library has panicked over this document. */
  #broken: RejoinError | undefined

  constructor(library: Library, raw: RawHandle) {
    this.library = library
    this.#raw = raw
    forgotten.register(this, { library, raw }, this)
  }

  /**
   * Calls the document. While something is written and not yet committed, only what reads it and writes on: most else
   * ends the change. What the library refuses is a RangeError; any other error is a panic, which bytes that are made to
   * look good can lead to at once or much later, and of which nobody knows how far the work had come.
   */
  call<T>(run: (raw: RawHandle) => T): T {
    if (this.#broken !== undefined) throw this.#broken
    try {
      return this.library.call(() => run(this.#raw))
    } catch (cause) {
      this.library.check()
      if (cause instanceof RangeError) throw cause
      this.#broken = new RejoinError('undecodable', 'The document holds what Automerge fails on.', { cause })
      throw this.#broken
    }
  }

  /** A copy, also of what waits, that writes under another actor: the library cannot change it in place. */
  clone(actor: string): Handle {
    return new Handle(
      this.library,
      this.call((raw) => raw.clone(actor)),
    )
  }

  free(): void {
    forgotten.unregister(this)
    release({ library: this.library, raw: this.#raw })
  }

  /** A copy of a state that it was in, without what waits. */
  fork(actor: string, heads: Heads): Handle {
    return new Handle(
      this.library,
      this.call((raw) => raw.fork(actor, [...heads])),
    )
  }

  /** The last change of the actor under which it writes. */
  last(): Uint8Array | undefined {
    const last = this.call((raw) => raw.getLastLocalChange())
    if (last !== null) return last
    // The library does not notice that the first change of its actor was taken in, not written here; a copy does.
    const copy = this.clone(this.call((raw) => raw.getActorId()))
    try {
      return copy.call((raw) => raw.getLastLocalChange()) ?? undefined
    } finally {
      copy.free()
    }
  }

  heads(): Heads {
    return this.call((raw) => raw.getHeads())
  }

  has(hash: Hash): boolean {
    return this.call((raw) => raw.getChangeMetaByHash(hash)) !== null
  }

  /** What waiting changes need that nobody has seen; of the hashes named, those that neither are there nor wait. */
  missing(named: readonly Hash[]): readonly Hash[] {
    return this.call((raw) => raw.getMissingDeps([...named]))
  }
}

/** A client id as an actor. */
export const actorBytes = 4

/** The actor of a client id: its 32 bits in hex, so that actors sort as client ids do. */
export function actorOf(client: number): string {
  invariant(Number.isInteger(client) && client >= 0 && client < 256 ** actorBytes, 'a client id has 32 bits')
  return client.toString(16).padStart(2 * actorBytes, '0')
}

export const clientOf = (actor: string): number => Number.parseInt(actor, 16)

export const opIdOf = ({ client, clock }: WriteId): OpId => `${clock}@${actorOf(client)}`

export function writeIdOf(id: OpId): WriteId {
  const at = id.indexOf('@')
  return { client: clientOf(id.slice(at + 1)), clock: Number(id.slice(0, at)) }
}

interface Held {
  readonly library: Library
  readonly raw: RawHandle
}

/** Handles that nobody has freed and nobody has any more. */
const forgotten = new FinalizationRegistry<Held>(release)

/**
 * What cannot be freed, kept for ever: the library frees by itself what is collected, and if that fails, as it does in a
 * lost instance, the error reaches nobody and ends the process.
 */
const graves = new Set<RawHandle>()

function release({ library, raw }: Held): void {
  try {
    library.call(() => raw.free())
  } catch {
    graves.add(raw)
  }
}

interface HandleClass {
  'new'(actor: string): RawHandle
}

/** The class of the handles, which the module does not export. */
function classOf(handle: RawHandle): HandleClass {
  return handle.constructor as never
}
