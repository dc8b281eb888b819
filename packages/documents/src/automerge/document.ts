import { invariant, RejoinError, toHex } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update } from '../engine.ts'
import { checkUpdates, integrate, undecodable, waits } from './apply.ts'
import { noBlocks } from './blocks.ts'
import { changesOf } from './changes.ts'
import { hashOf } from './chunks.ts'
import { AutomergeList } from './list.ts'
import { actorOf } from './library.ts'
import type { Handle, Hash, Library } from './library.ts'
import { planRedo, redo } from './redo.ts'
import { AutomergeRegisters } from './registers.ts'
import { revert } from './revert.ts'
import { State } from './state.ts'
import { AutomergeText } from './text.ts'
import { Transaction } from './transaction.ts'

type Captured = (changes: readonly Change[]) => void

/** The actor of a document that only reads: nothing is written under it. */
const nobody = '00'

export class AutomergeDocument implements EngineDocument {
  readonly #state: State
  #registers: AutomergeRegisters | undefined
  #text: AutomergeText | undefined
  #list: AutomergeList | undefined
  #client: number | undefined
  /** The last change of this client that it wrote itself, or that was there when it took up the id. */
  #own: Hash | undefined
  /** Something has come since, perhaps under this client id. */
  #unsure = false
  #asked: Captured[] = []
  #spent = false

  constructor(library: Library) {
    this.#state = new State(library)
  }

  apply(updates: readonly Update[]): void {
    this.#usable()
    const chunks = checkUpdates(updates)
    if (chunks.documents.length === 0 && chunks.changes.length === 0) return
    const known = this.#state.handle
    // An empty document is made anew if this fails; bytes of whole documents, and what waits, can be taken in half.
    const before =
      known !== undefined && (chunks.documents.length > 0 || waits(known)) ? known.clone(this.#actor) : undefined
    const handle = known ?? this.#state.library.create(this.#actor)
    try {
      integrate(handle, chunks)
      this.#state.handle = handle
      before?.free()
    } catch (cause) {
      this.#state.library.check()
      if (known === undefined || before !== undefined) handle.free()
      this.#state.handle = before ?? known
      // Anything but a refusal comes from the middle of the work.
      if (known !== undefined && before === undefined && !(cause instanceof RangeError)) this.#spent = true
      throw undecodable(cause)
    } finally {
      this.#state.forget()
      this.#registers?.forget()
      this.#unsure = true
    }
  }

  transact(change: () => void, captured?: Captured): Update | undefined {
    if (this.#state.transaction !== undefined) {
      if (captured !== undefined) this.#asked.push(captured)
      change()
      return undefined
    }
    this.#usable()
    const transaction = this.#begin()
    this.#asked = captured === undefined ? [] : [captured]
    this.#state.transaction = transaction
    try {
      change()
      transaction.commit()
      if (this.#asked.length > 0) {
        const changes = changesOf(transaction.handle, transaction.before, transaction.made)
        this.#state.transaction = undefined
        for (const tell of this.#asked) tell(changes)
      }
    } catch (error) {
      // What was done has no update that anyone will ever store or send.
      this.#spent ||= this.#state.library.lost || transaction.changedAnything
      throw error
    } finally {
      this.#state.transaction = undefined
    }
    this.#own = transaction.own
    return transaction.made.length === 0 ? undefined : { encoding: 'automerge', bytes: joined(transaction.made) }
  }

  standAlone(changes: readonly Change[]): boolean {
    this.#alive()
    return planRedo(this.#state, changes) !== undefined
  }

  redo(changes: readonly Change[]): readonly Heir[] | undefined {
    invariant(this.#state.transaction !== undefined, 'changes are made inside transact')
    return redo(this.#state, this.#ownRegisters(), changes)
  }

  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
    invariant(this.#state.transaction !== undefined, 'changes are made inside transact')
    return revert(this.#state, this.#ownRegisters(), changes, nextStamp)
  }

  bind(_host: Host): void {
    this.#usable()
    throw new RejoinError('bad-config', 'Editors attach to documents of Yjs; a collection of another engine has none.')
  }

  setClient(clientId: number): void {
    this.#usable()
    const actor = actorOf(clientId)
    const { handle } = this.#state
    if (handle !== undefined && clientId !== this.#client) {
      this.#state.handle = handle.clone(actor)
      handle.free()
    }
    this.#client = clientId
    this.#own = this.#lastOf(this.#state.handle)
    this.#unsure = false
  }

  get clientId(): number | undefined {
    return this.#client
  }

  clientClock(clientId: number): number {
    this.#alive()
    const { handle } = this.#state
    if (handle === undefined) return 0
    if (clientId === this.#client) return clockOf(handle, this.#lastOf(handle))
    const other = handle.clone(actorOf(clientId))
    const clock = clockOf(other, this.#lastOf(other))
    other.free()
    return clock
  }

  get registers(): RegisterRoot {
    return this.#ownRegisters()
  }

  get text(): RichTextRoot {
    this.#alive()
    return (this.#text ??= new AutomergeText(this.#state))
  }

  get list(): ListRoot {
    this.#alive()
    return (this.#list ??= new AutomergeList(this.#state))
  }

  get blocks(): BlocksRoot {
    this.#alive()
    return noBlocks
  }

  snapshot(): Update {
    this.#usable()
    const bytes = this.#state.handle?.call((raw) => raw.save()) ?? new Uint8Array()
    return { encoding: 'automerge', bytes }
  }

  pending(): boolean {
    this.#alive()
    return this.#state.handle !== undefined && waits(this.#state.handle)
  }

  dispose(): void {
    this.#spent = true
    this.#state.handle?.free()
    this.#state.handle = undefined
  }

  get #actor(): string {
    return this.#client === undefined ? nobody : actorOf(this.#client)
  }

  #ownRegisters(): AutomergeRegisters {
    this.#alive()
    return (this.#registers ??= new AutomergeRegisters(this.#state))
  }

  #begin(): Transaction {
    const client = this.#client
    invariant(client !== undefined, 'setClient comes before the first local change')
    const handle = (this.#state.handle ??= this.#state.library.create(actorOf(client)))
    if (this.#unsure && this.#lastOf(handle) !== this.#own) throw new RejoinError('client-id-taken')
    this.#unsure = false
    return new Transaction(handle, client, this.#own)
  }

  /** The last change of the actor under which a document writes. */
  #lastOf(handle: Handle | undefined): Hash | undefined {
    const last = handle?.call((raw) => raw.getLastLocalChange())
    return last ? toHex(hashOf(last)) : undefined
  }

  #usable(): void {
    this.#alive()
    invariant(this.#state.transaction === undefined, 'not inside transact')
  }

  #alive(): void {
    this.#state.library.check()
    invariant(!this.#spent, 'this document is disposed, or was spent by an error')
  }
}

const clockOf = (handle: Handle, last: Hash | undefined): number =>
  last === undefined ? 0 : 1 + (handle.call((raw) => raw.getChangeMetaByHash(last))?.maxOp ?? 0)

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
