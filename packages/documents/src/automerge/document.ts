import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update } from '../engine.ts'
import { checkUpdates, takeIn } from './apply.ts'
import { noBlocks } from './blocks.ts'
import { changesOf } from './changes.ts'
import { hashOf, joinBytes } from './chunks.ts'
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

  constructor(library: Library) {
    this.#state = new State(library)
  }

  apply(updates: readonly Update[]): void {
    this.#usable()
    try {
      takeIn(this.#state, checkUpdates(updates))
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
      if (!this.#state.library.lost && transaction.changedAnything) this.#state.spend()
      throw error
    } finally {
      this.#state.transaction = undefined
    }
    this.#own = transaction.own
    return transaction.made.length === 0 ? undefined : { encoding: 'automerge', bytes: joinBytes(transaction.made) }
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
    if (handle !== undefined && actor !== this.#state.actor) this.#state.replace(handle.clone(actor))
    this.#state.actor = actor
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
    return this.#state.waits
  }

  dispose(): void {
    this.#state.spend()
  }

  #ownRegisters(): AutomergeRegisters {
    this.#alive()
    return (this.#registers ??= new AutomergeRegisters(this.#state))
  }

  #begin(): Transaction {
    const client = this.#client
    invariant(client !== undefined, 'setClient comes before the first local change')
    const handle = (this.#state.handle ??= this.#state.library.create(this.#state.actor))
    if (this.#unsure && this.#lastOf(handle) !== this.#own) throw new RejoinError('client-id-taken')
    this.#unsure = false
    return new Transaction(handle, client, this.#own)
  }

  /** The last change of the actor under which a document writes. */
  #lastOf(handle: Handle | undefined): Hash | undefined {
    const last = handle?.call((raw) => raw.getLastLocalChange())
    return last ? hashOf(last) : undefined
  }

  #usable(): void {
    this.#alive()
    invariant(this.#state.transaction === undefined, 'not inside transact')
  }

  #alive(): void {
    this.#state.check()
  }
}

const clockOf = (handle: Handle, last: Hash | undefined): number =>
  last === undefined ? 0 : 1 + (handle.call((raw) => raw.getChangeMetaByHash(last))?.maxOp ?? 0)
