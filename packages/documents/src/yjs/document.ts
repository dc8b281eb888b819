import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update } from '../engine.ts'
import { integrate, remote, transactIn, waits } from './apply.ts'
import { YjsBlocks } from './blocks.ts'
import { Capture } from './capture.ts'
import { changesOf } from './changes.ts'
import { decodeUpdates } from './decode.ts'
import { encode } from './encode.ts'
import { YjsList } from './list.ts'
import { setAside } from './integration.ts'
import { joinNeighbours } from './neighbours.ts'
import { structsMax } from './packed.ts'
import { planRedo, redo } from './redo.ts'
import { YjsRegisters } from './registers.ts'
import { revert } from './revert.ts'
import { newDoc, nobody, rootNames } from './roots.ts'
import type { Decoded } from './structs.ts'
import { YjsText } from './text.ts'
import { WaitingRoom } from './waiting.ts'

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
  /** What has come too early; where a provider may bring the rest, Yjs itself keeps it. */
  readonly #room: WaitingRoom | undefined
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
    this.#room = adopted === undefined ? new WaitingRoom() : undefined
    if (adopted === undefined) return
    // Others may get it with its type: Yjs then makes another object of a root that had none.
    adopted.getArray(rootNames.registers)
    adopted.on('beforeObserverCalls', this.#integrated)
    adopted.on('afterAllTransactions', this.#settle)
  }

  apply(updates: readonly Update[]): void {
    this.#usable()
    invariant(this.#doc._transaction === null, 'not inside a transaction of others')
    const decoded = decodeUpdates(updates)
    if (this.#shared) {
      this.#capture.call(() => this.#integrate(decoded))
      return this.#capture.give()
    }
    this.#capture.stop()
    if (this.#room !== undefined && setAside(this.#doc.store, this.#room, decoded)) return
    const clock = this.clientClock(this.#client)
    const transaction = this.#integrate(decoded)
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
    const waiting = this.#room?.isEmpty === false ? this.#room.content() : undefined
    const state = Y.encodeStateAsUpdateV2(this.#doc)
    const bytes = waiting ? Y.mergeUpdatesV2([state, encode(new Y.UpdateEncoderV2(), waiting)]) : state
    const sections = [...this.#doc.store.clients.values(), ...(waiting?.sections.values() ?? [])]
    const structs = sections.reduce((sum, section) => sum + section.length, 0)
    if (structs <= structsMax(bytes.length)) return { encoding: 'yjs-2', bytes }
    const plain = Y.encodeStateAsUpdate(this.#doc)
    return {
      encoding: 'yjs-1',
      bytes: waiting ? Y.mergeUpdates([plain, encode(new Y.UpdateEncoderV1(), waiting)]) : plain,
    }
  }

  pending(): boolean {
    return this.#room?.isEmpty === false || waits(this.#doc)
  }

  dispose(): void {
    this.#spend()
    this.#doc.off('beforeObserverCalls', this.#integrated)
    this.#doc.off('afterAllTransactions', this.#settle)
    if (!this.#adopted) this.#doc.destroy()
  }

  /** Whether others may write past us. */
  get #shared(): boolean {
    return this.#adopted || this.#host !== undefined
  }

  #ownRegisters(): YjsRegisters {
    return (this.#registers ??= new YjsRegisters(this.#doc, rootNames.registers, this.#open))
  }

  #integrate(updates: Decoded): Y.Transaction {
    try {
      return integrate(this.#doc, updates, { room: this.#room, observed: this.#observed })
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

  /** Yjs does not always look again at what it has set aside when a provider brings what that waits for. */
  readonly #settle = (_: Y.Doc, transactions: readonly Y.Transaction[]): void => {
    if (!waits(this.#doc) || !transactions.some(({ local, origin }) => !local && origin !== remote)) return
    this.#capture.call(() => this.#integrate(decodeUpdates([])))
    this.#capture.give()
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
