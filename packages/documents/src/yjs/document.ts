import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { Change, EngineDocument, Heir, ListRoot, RegisterRoot, TextRoot, Update } from '../engine.ts'
import { checkUpdate, integrate, waits } from './apply.ts'
import { changesOf } from './changes.ts'
import { YjsList } from './list.ts'
import { structsMax } from './packed.ts'
import { redo } from './redo.ts'
import { YjsRegisters } from './registers.ts'
import { revert } from './revert.ts'
import { newDoc, nobody, rootNames } from './roots.ts'
import { YjsText } from './text.ts'

type Captured = (changes: readonly Change[]) => void

export class YjsDocument implements EngineDocument {
  readonly #doc: Y.Doc = newDoc()
  #registers: YjsRegisters | undefined
  #text: YjsText | undefined
  #list: YjsList | undefined
  #client = nobody
  #clientTaken = false
  #transaction: Y.Transaction | undefined
  #captured: Uint8Array | undefined
  #capturing = false
  #asked: Captured[] = []
  #spent = false

  apply(updates: readonly Update[]): void {
    this.#usable()
    // An empty document can be thrown away if decoding fails half-way; any other we look at the bytes for first.
    const empty = this.#doc.store.clients.size === 0 && !waits(this.#doc)
    for (const update of updates) checkUpdate(update, { whole: !empty })
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
    invariant(this.#client !== nobody, 'setClient comes before the first local change')
    if (this.#clientTaken) throw new RejoinError('client-id-taken')
    this.#capture()
    this.#captured = undefined
    this.#asked = captured === undefined ? [] : [captured]
    this.#doc.clientID = this.#client
    let changes: readonly Change[] = []
    try {
      Y.transact(
        this.#doc,
        (transaction) => {
          this.#transaction = transaction
          change()
          if (this.#asked.length > 0) changes = changesOf(transaction)
        },
        null,
        true,
      )
    } catch (error) {
      // What was done has no update that anyone will ever store or send.
      if (this.#captured !== undefined) this.#spent = true
      throw error
    } finally {
      this.#transaction = undefined
      this.#doc.clientID = nobody
    }
    const bytes: Uint8Array | undefined = this.#captured
    for (const tell of this.#asked) tell(changes)
    return bytes && { encoding: 'yjs-1', bytes }
  }

  redo(changes: readonly Change[]): readonly Heir[] | undefined {
    return redo(this.#open(), this.#ownRegisters(), changes)
  }

  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
    return revert(this.#open(), this.#ownRegisters(), changes, nextStamp)
  }

  setClient(clientId: number): void {
    this.#usable()
    invariant(Number.isSafeInteger(clientId) && clientId >= 0, 'a client id is a whole number')
    this.#client = clientId
    this.#clientTaken = false
  }

  clientClock(clientId: number): number {
    return Y.getState(this.#doc.store, clientId)
  }

  get registers(): RegisterRoot {
    return this.#ownRegisters()
  }

  get text(): TextRoot {
    return (this.#text ??= new YjsText(this.#doc, rootNames.text, this.#open))
  }

  get list(): ListRoot {
    return (this.#list ??= new YjsList(this.#doc, rootNames.list, this.#open))
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
    this.#spent = true
    this.#doc.destroy()
  }

  #ownRegisters(): YjsRegisters {
    return (this.#registers ??= new YjsRegisters(this.#doc, rootNames.registers, this.#open))
  }

  #integrate(updates: readonly Update[]): Y.Transaction {
    // Without a listener Yjs does not encode again what it was just given.
    if (this.#capturing) this.#doc.off('update', this.#keep)
    this.#capturing = false
    try {
      return integrate(this.#doc, updates)
    } catch (cause) {
      this.#spent = true
      throw new RejoinError('undecodable', 'These bytes are not a whole update; the document took in a part.', {
        cause,
      })
    }
  }

  #capture(): void {
    if (!this.#capturing) this.#doc.on('update', this.#keep)
    this.#capturing = true
  }

  readonly #keep = (bytes: Uint8Array): void => {
    this.#captured = bytes
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
