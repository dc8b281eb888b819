import { invariant, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { BlocksRoot, Change, EngineDocument, Heir, Host } from '../engine.ts'
import type { ListRoot, RegisterRoot, RichTextRoot, Update, WriteId } from '../engine.ts'
import { changesOf } from './changes.ts'
import { decode } from './decode.ts'
import { Draft } from './draft.ts'
import { encode } from './encode.ts'
import { LastList } from './list.ts'
import type { Part, Place } from './parts.ts'
import type { Policy } from './policy.ts'
import type { Reader } from './reader.ts'
import { LastRegisters } from './registers.ts'
import { State } from './state.ts'
import { planRedo, redo, revert } from './steps.ts'
import { LastText } from './text.ts'

type Captured = (changes: readonly Change[]) => void

export class LastWriteDocument implements EngineDocument, Reader {
  readonly registers: RegisterRoot = new LastRegisters(this)
  readonly text: RichTextRoot = new LastText(this)
  readonly list: ListRoot = new LastList(this)
  readonly blocks: BlocksRoot = noBlocks
  readonly #state: State
  #client: number | undefined
  #clientTaken = false
  #draft: Draft | undefined
  #asked: Captured[] = []
  #spent = false

  constructor(policy: Policy) {
    this.#state = new State(policy)
  }

  apply(updates: readonly Update[]): void {
    this.#usable()
    const { policy } = this.#state
    const batches = updates.map((update) => ({ batch: decode(policy, update), seq: update.seq }))
    const clock = this.#ownClock()
    for (const { batch, seq } of batches) this.#state.take(batch, seq)
    if (this.#ownClock() !== clock) this.#clientTaken = true
  }

  transact(change: () => void, captured?: Captured): Update | undefined {
    if (this.#draft !== undefined) {
      if (captured !== undefined) this.#asked.push(captured)
      change()
      return undefined
    }
    this.#usable()
    invariant(this.#client !== undefined, 'setClient comes before the first local change')
    if (this.#clientTaken) throw new RejoinError('client-id-taken')
    this.#asked = captured === undefined ? [] : [captured]
    const draft = (this.#draft = new Draft(this.#state, this.#client))
    try {
      change()
    } catch (error) {
      // So the port has it, for engines that cannot take back what was done.
      this.#spent = draft.touched
      throw error
    } finally {
      this.#draft = undefined
    }
    return this.#write(draft)
  }

  standAlone(changes: readonly Change[]): boolean {
    const client = this.#client ?? 0
    return planRedo(changes, { client, clock: this.clientClock(client) }, this.#knows) !== undefined
  }

  redo(changes: readonly Change[]): readonly Heir[] | undefined {
    const draft = this.open()
    const plan = planRedo(changes, draft.next, this.#knows)
    return plan && redo(draft, plan)
  }

  revert(changes: readonly Change[], nextStamp: () => Stamp): readonly Heir[] {
    return revert(this.open(), changes, nextStamp)
  }

  bind(_host: Host): void {
    this.#usable()
    throw new RejoinError('bad-config', 'Editors attach to documents of Yjs; a collection of another engine has none.')
  }

  setClient(clientId: number): void {
    this.#usable()
    invariant(Number.isSafeInteger(clientId) && clientId >= 0, 'a client id is a whole number')
    this.#client = clientId
    this.#clientTaken = false
  }

  get clientId(): number | undefined {
    return this.#client
  }

  clientClock(clientId: number): number {
    return this.#state.clockOf(clientId)
  }

  snapshot(): Update {
    this.#usable()
    return encode(this.#state.policy, this.#state.batch())
  }

  pending(): boolean {
    return this.#state.pending()
  }

  dispose(): void {
    this.#spent = true
  }

  at(place: Place): Part | undefined {
    return this.#draft === undefined ? this.#state.parts.get(place) : this.#draft.at(place)
  }

  parts(): Iterable<Part> {
    return this.#draft?.parts() ?? this.#state.parts.values()
  }

  open(): Draft {
    invariant(this.#draft !== undefined, 'changes are made inside transact')
    return this.#draft
  }

  #write(draft: Draft): Update | undefined {
    const batch = draft.finish()
    // By the clock of the wall it may lose at once, to a write by a clock that is ahead.
    const replaced = batch === undefined ? [] : this.#state.take(batch)
    try {
      if (this.#asked.length === 0) return batch && encode(this.#state.policy, batch)
      const changes = changesOf(replaced)
      for (const tell of this.#asked) tell(changes)
      return batch && encode(this.#state.policy, batch)
    } catch (error) {
      this.#spent = batch !== undefined
      throw error
    }
  }

  #ownClock(): number {
    return this.#client === undefined ? 0 : this.clientClock(this.#client)
  }

  readonly #knows = ({ client, clock }: WriteId): boolean =>
    clock < this.clientClock(client) ||
    (this.#draft !== undefined && client === this.#client && clock < this.#draft.next.clock)

  #usable(): void {
    invariant(!this.#spent, 'this document is disposed, or was spent by an error')
    invariant(this.#draft === undefined, 'not inside transact')
  }
}

/** Blocks are what a ProseMirror editor writes, which attaches to Yjs alone. */
const noBlocks: BlocksRoot = { length: 0, nodes: () => [], clear: () => undefined }
