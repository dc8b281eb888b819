import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update } from '../engine.ts'
import { checkUpdate, integrate, transactIn, waits } from './apply.ts'
import { YjsBlocks } from './blocks.ts'
import { Capture } from './capture.ts'
import { changesOf } from './changes.ts'
import { YjsList } from './list.ts'
import { joinNeighbours } from './neighbours.ts'
import { structsMax } from './packed.ts'
import { planRedo, redo } from './redo.ts'
import { YjsRegisters } from './registers.ts'
import { revert } from './revert.ts'
import { newDoc, nobody, rootNames } from './roots.ts'
import { YjsText } from './text.ts'

type Captured = (changes: readonly Change[]) => void

/** The types of Yjs to which the bindings of editors attach. */
export interface Underlying {
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly list: Y.Array<unknown>
  readonly fragment: Y.XmlFragment
}

export class YjsDocument implements EngineDocument {
  readonly #doc: Y.Doc
  readonly #capture: Capture
  /** A provider fills and sends this Y.Doc, under the client id that Yjs gives it. */
  readonly #adopted: boolean
  #host: Host | undefined
  #registers: YjsRegisters | undefined
  #text: YjsText | undefined
  #list: YjsList | undefined
  #blocks: YjsBlocks | undefined
  #client = nobody
  #clientTaken = false
  #transaction: Y.Transaction | undefined
  #asked: Captured[] = []
  #spent = false

  constructor(adopted?: Y.Doc) {
    this.#doc = adopted ?? newDoc()
    this.#capture = new Capture(this.#doc)
    this.#adopted = adopted !== undefined
    if (adopted === undefined) return
    // Others may get it with its type: Yjs then makes another object of a root that had none.
    adopted.getArray(rootNames.registers)
    adopted.on('beforeObserverCalls', this.#integrated)
  }

  apply(updates: readonly Update[]): void {
    this.#usable()
    invariant(this.#doc._transaction === null, 'not inside a transaction of others')
    // An empty document can be thrown away if decoding fails half-way; any other we look at the bytes for first.
    const empty = this.#doc.store.clients.size === 0 && !waits(this.#doc)
    for (const update of updates) checkUpdate(update, { whole: !empty })
    if (this.#shared) {
      this.#capture.call(() => this.#integrate(updates))
      return this.#capture.give()
    }
    this.#capture.stop()
    const clock = this.clientClock(this.#client)
    const transaction = this.#integrate(updates)
    this.#registers?.observe(transaction)
    if (this.clientClock(this.#client) !== clock) this.#clientTaken = true
  }

  transact(change: () => void, captured?: Captured): Update | undefined {
    if (this.#transaction !== undefined) {
      if (captured !== undefined) this.#asked.push(captured)
      change()
      return undefined
    }
    this.#usable()
    this.#takeClient()
    this.#capture.start()
    const asked = captured === undefined ? [] : [captured]
    // Inside a transaction of others, or while its observers are called, ours is a part of theirs.
    if (this.#doc._transactionCleanups.length > 0) {
      this.#run(change, asked)
      return undefined
    }
    try {
      this.#capture.call(() => this.#run(change, asked))
    } catch (error) {
      // What was done has no update that anyone will ever store or send.
      if (this.#capture.take() !== undefined) this.#spend()
      throw error
    } finally {
      if (!this.#shared) this.#doc.clientID = nobody
    }
    return this.#capture.take()
  }

  standAlone(changes: readonly Change[]): boolean {
    return planRedo(this.#doc, changes) !== undefined
  }

  redo(changes: readonly Change[]): readonly Heir[] | undefined {
    return redo(this.#open(), this.#ownRegisters(), changes)
  }

  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
    return revert(this.#open(), this.#ownRegisters(), changes, nextStamp)
  }

  bind(host: Host): void {
    this.#usable()
    invariant(this.#host === undefined, 'a document has one host')
    invariant(this.#adopted || (this.#client !== nobody && !this.#clientTaken), 'setClient comes before bind')
    if (!this.#shared) this.#doc.on('beforeObserverCalls', this.#integrated)
    this.#host = host
    this.#capture.tell((update) => host.changed(this.#adopted ? undefined : update))
    if (!this.#adopted) this.#doc.clientID = this.#client
  }

  underlying(): Underlying {
    invariant(this.#shared, 'bind comes before others may write')
    const doc = this.#doc
    void this.text
    return {
      doc,
      text: doc.getText(rootNames.text),
      list: doc.getArray(rootNames.list),
      fragment: doc.getXmlFragment(rootNames.blocks),
    }
  }

  setClient(clientId: number): void {
    this.#usable()
    invariant(Number.isSafeInteger(clientId) && clientId >= 0, 'a client id is a whole number')
    this.#client = clientId
    this.#clientTaken = false
    if (this.#host !== undefined && !this.#adopted) this.#doc.clientID = clientId
  }

  get clientId(): number | undefined {
    if (this.#adopted) return this.#doc.clientID
    return this.#client === nobody ? undefined : this.#client
  }

  clientClock(clientId: number): number {
    return Y.getState(this.#doc.store, clientId)
  }

  get registers(): RegisterRoot {
    return this.#ownRegisters()
  }

  get text(): RichTextRoot {
    return (this.#text ??= new YjsText(this.#doc, rootNames.text, this.#open))
  }

  get list(): ListRoot {
    return (this.#list ??= new YjsList(this.#doc, rootNames.list, this.#open))
  }

  get blocks(): BlocksRoot {
    return (this.#blocks ??= new YjsBlocks(this.#doc, rootNames.blocks, this.#open))
  }

  snapshot(): Update {
    this.#usable()
    const bytes = Y.encodeStateAsUpdateV2(this.#doc)
    const structs = [...this.#doc.store.clients.values()].reduce((sum, own) => sum + own.length, 0)
    if (structs <= structsMax(bytes.length)) return { encoding: 'yjs-2', bytes }
    return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(this.#doc) }
  }

  pending(): boolean {
    return waits(this.#doc)
  }

  dispose(): void {
    this.#spend()
    this.#doc.off('beforeObserverCalls', this.#integrated)
    if (!this.#adopted) this.#doc.destroy()
  }

  /** Whether others may write past us. */
  get #shared(): boolean {
    return this.#adopted || this.#host !== undefined
  }

  #ownRegisters(): YjsRegisters {
    return (this.#registers ??= new YjsRegisters(this.#doc, rootNames.registers, this.#open))
  }

  #integrate(updates: readonly Update[]): Y.Transaction {
    try {
      return integrate(this.#doc, updates, { observed: this.#observed })
    } catch (cause) {
      this.#spend()
      throw new RejoinError('undecodable', 'These bytes are not a whole update; the document took in a part.', {
        cause,
      })
    }
  }

  #run(change: () => void, asked: Captured[]): void {
    this.#asked = asked
    const changes = transactIn(
      this.#doc,
      (transaction) => {
        this.#transaction = transaction
        try {
          change()
          joinNeighbours(transaction)
          return asked.length > 0 ? changesOf(transaction) : []
        } finally {
          this.#transaction = undefined
        }
      },
      { origin: null, local: true, observed: this.#observed },
    )
    for (const tell of asked) tell(changes)
  }

  #takeClient(): void {
    if (this.#adopted) return
    invariant(this.#client !== nobody, 'setClient comes before the first local change')
    if (this.#clientTaken) throw new RejoinError('client-id-taken')
    this.#doc.clientID = this.#client
  }

  /** Comes before the observers of a transaction, which may read and write. */
  readonly #integrated = (transaction: Y.Transaction): void => {
    this.#registers?.observe(transaction)
    const { local, beforeState, afterState } = transaction
    if (this.#adopted || local || beforeState.get(this.#client) === afterState.get(this.#client)) return
    if (this.#host !== undefined) this.setClient(this.#host.freshClient())
  }

  readonly #observed = (error: unknown): void => {
    if (this.#host === undefined) throw error
    this.#host.failed(error)
  }

  #spend(): void {
    this.#spent = true
    this.#capture.end()
  }

  readonly #open = (): Y.Transaction => {
    invariant(this.#transaction !== undefined, 'changes are made inside transact')
    return this.#transaction
  }

  #usable(): void {
    invariant(!this.#spent, 'this document is disposed, or was spent by an error')
    invariant(this.#transaction === undefined, 'not inside transact')
  }
}
