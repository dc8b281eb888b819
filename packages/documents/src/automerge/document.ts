import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update } from '../engine.ts'
import { checkUpdates, takeIn } from './apply.ts'
import { noBlocks } from './blocks.ts'
import { changesMade } from './captured.ts'
import { hasChecksumOf, hashOf, joinBytes } from './chunks.ts'
import { OtherClocks } from './clocks.ts'
import { AutomergeList } from './list.ts'
import { actorOf } from './library.ts'
import type { Handle, Hash, Library } from './library.ts'
import { redo, standAlone } from './redo.ts'
import { AutomergeRegisters } from './registers.ts'
import { revert } from './revert.ts'
import { State } from './state.ts'
import { AutomergeText } from './text.ts'
import { Transaction } from './transaction.ts'

type Captured = (changes: readonly Change[]) => void

export class AutomergeDocument implements EngineDocument {
  readonly #state: State
  readonly #others = new OtherClocks()
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
    const chunks = checkUpdates(updates)
    const registers = this.#registers
    // To look at what was written costs less than to read all keys again, unless it is more than there are.
    const few = registers !== undefined && chunks.documents.length === 0 && chunks.changes.length <= registers.known
    const before = few ? this.#state.handle?.heads() : undefined
    takeIn(this.#state, chunks)
    this.#unsure = true
    if (before === undefined) registers?.forget()
    else registers?.observe(this.#state.handle?.call((raw) => raw.getChanges([...before])) ?? [])
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
      this.#own = transaction.own
      this.#tell(transaction)
    } catch (error) {
      // What was done has no update that anyone will ever store or send.
      if (!this.#state.library.lost && transaction.changedAnything) this.#state.spend()
      throw error
    } finally {
      this.#state.transaction = undefined
    }
    return transaction.made.length === 0 ? undefined : { encoding: 'automerge', bytes: joinBytes(transaction.made) }
  }

  standAlone(changes: readonly Change[]): boolean {
    this.#alive()
    return standAlone(this.#state, this.#ownRegisters(), changes)
  }

  redo(changes: readonly Change[]): readonly Heir[] | undefined {
    return redo(this.#state, this.#ownRegisters(), changes)
  }

  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
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
    this.#own = lastOf(this.#state.handle)
    this.#unsure = false
  }

  get clientId(): number | undefined {
    return this.#client
  }

  clientClock(clientId: number): number {
    this.#alive()
    const { handle, transaction } = this.#state
    transaction?.commit()
    if (handle === undefined || clientId === this.#client) return clockOf(handle)
    return this.#others.of(clientId, this.#state.version, handle, () => {
      // The library finds the last change of its own actor at once, and that of another one only among all.
      const other = handle.clone(actorOf(clientId))
      const clock = clockOf(other)
      other.free()
      return clock
    })
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
    const { handle, library, actor } = this.#state
    const saved = handle ?? library.create(actor)
    const bytes = saved.call((raw) => raw.save())
    if (handle === undefined) saved.free()
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

  #tell(transaction: Transaction): void {
    const asked = this.#asked
    if (asked.length === 0) return
    const changes = changesMade(this.#state, transaction)
    this.#state.transaction = undefined
    for (const tell of asked) tell(changes)
  }

  #begin(): Transaction {
    const client = this.#client
    invariant(client !== undefined, 'setClient comes before the first local change')
    const handle = (this.#state.handle ??= this.#state.library.create(this.#state.actor))
    if (this.#unsure && !isLast(handle, this.#own)) throw new RejoinError('client-id-taken')
    this.#unsure = false
    return new Transaction(handle, client, this.#own)
  }

  #usable(): void {
    this.#alive()
    invariant(this.#state.transaction === undefined, 'not inside transact')
  }

  #alive(): void {
    this.#state.check()
  }
}

/** The last change of the actor under which a document writes. */
function lastOf(handle: Handle | undefined): Hash | undefined {
  const last = handle?.last()
  return last && hashOf(last)
}

function isLast(handle: Handle, hash: Hash | undefined): boolean {
  const last = handle.last()
  if (last === undefined || hash === undefined) return last === hash
  return hasChecksumOf(last, hash)
}

function clockOf(handle: Handle | undefined): number {
  const last = lastOf(handle)
  if (handle === undefined || last === undefined) return 0
  return 1 + (handle.call((raw) => raw.getChangeMetaByHash(last))?.maxOp ?? 0)
}
