import {
  documentKey,
  entityId,
  firstGeneration,
  newWriterId,
  nextStamp,
  noStamp,
  observeStamp,
  RejoinError,
  rootKey,
} from '@rejoin/base'
import type { DocumentKey, Entry, SpaceId, Stamp, WriterId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { DocumentUpdate, Entity } from '@rejoin/documents'
import { documentsOf } from '@rejoin/schema'
import type { Collection, Draft } from '@rejoin/schema'
import type { Answer } from './answer.ts'
import type { Committer } from './committer.ts'
import type { ServerEngines } from './engines.ts'
import { serverUser } from './identity/principal.ts'
import type { Principal } from './identity/principal.ts'
import type { SpaceRef } from './log/records.ts'
import type { LogStore } from './log/store.ts'
import type { ServerPorts } from './ports.ts'
import { pushWork } from './requests.ts'
import type { Room } from './room/room.ts'
import type { Rooms } from './rooms.ts'

export interface EditsDeps {
  readonly store: LogStore
  readonly rooms: Rooms
  readonly committer: Committer
  readonly ports: ServerPorts
  readonly engines: ServerEngines
}

/**
 * Writes the server's own parts, as a writer of its own. Opens only documents that nobody else can write, so
 * their bytes are no danger to the loop. One edit after the other.
 */
export class Edits {
  readonly #deps: EditsDeps
  #writer: WriterId
  #clientIds: ClientIds
  /** Entry numbers are given out for each space. */
  readonly #numbers = new Map<string, number>()
  #edits = 0
  #stamp: Stamp = noStamp
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: EditsDeps) {
    this.#deps = deps
    this.#writer = newWriterId(deps.ports.random)
    this.#clientIds = new ClientIds(this.#writer)
  }

  /** Resolves when the edit is durable. Rejects with what `change` threw, or with why nothing was written. */
  edit<C extends Collection>(
    ref: SpaceRef,
    collection: C,
    id: string,
    change: (draft: Draft<C, 'server'>) => void,
  ): Promise<void> {
    const done = this.#last.then(() => this.#deps.rooms.use(ref, (room) => this.#edit(room, collection, id, change)))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #edit<C extends Collection>(
    room: Room,
    collection: C,
    id: string,
    change: (draft: Draft<C, 'server'>) => void,
  ): Promise<void> {
    if (++this.#edits % editsOfOneWriter === 0) this.#renewWriter()
    await requireEntity(room, collection, id)
    const entity = await this.#load(room, collection, id)
    try {
      const { updates, error } = entity.edit('server', change)
      if (error !== undefined) throw error
      if (updates.length > 0) await this.#push(room, this.#entries(room, collection, id, updates))
    } finally {
      entity.dispose()
    }
  }

  #renewWriter(): void {
    this.#writer = newWriterId(this.#deps.ports.random)
    this.#clientIds = new ClientIds(this.#writer)
    this.#numbers.clear()
  }

  async #load<C extends Collection>(room: Room, collection: C, id: string): Promise<Entity<C>> {
    const entity = createEntity({
      collection,
      id: entityId(id),
      engine: await this.#deps.engines.of(collection),
      writer: this.#writer,
      clientIds: this.#clientIds,
      key: (document) => `${room.ref.tenant}/${room.ref.space}/${keyOf(collection, id, document)}`,
      nextStamp: () => this.#nextStamp(),
    })
    await room.record()
    for (const document of documentsOf(collection).filter(({ part }) => part === 'server'))
      entity.load(document, await room.documentRows(keyOf(collection, id, document)))
    return entity
  }

  /** A last stamp that this server would refuse by now comes from before its clock was put back. */
  #nextStamp(): Stamp {
    const now = this.#deps.ports.clock.now()
    const last = observeStamp(noStamp, this.#stamp, now)
    this.#stamp = nextStamp(last, now)
    return this.#stamp
  }

  #entries(room: Room, collection: Collection, id: string, updates: readonly DocumentUpdate[]): readonly Entry[] {
    const space = `${room.ref.tenant}/${room.ref.space}`
    const first = (this.#numbers.get(space) ?? 0) + 1
    this.#numbers.set(space, first + updates.length - 1)
    return updates.map(({ part, field, update, stamp }, i) => ({
      id: { writer: this.#writer, n: first + i },
      kind: 'update',
      document: { collection: collection.name, entity: entityId(id), part, field },
      generation: firstGeneration,
      after: undefined,
      group: updates.length > 1 ? first : 0,
      groupSize: updates.length,
      stamp,
      ...update,
    }))
  }

  #push(room: Room, entries: readonly Entry[]): Promise<void> {
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0)
    const principal = serverPrincipal(room.ref)
    return new Promise((resolve, reject) => {
      const answered = (
        answers: readonly Answer[],
        failure: { readonly kind: RejoinError['kind']; readonly message: string } | undefined,
      ): void => {
        const refused = answers.find((answer) => answer.kind === 'refused')
        const why = failure ?? refused?.refused
        if (answers.some(({ kind }) => kind === 'retry')) reject(new RejoinError('unavailable', undecided))
        else if (why === undefined) resolve()
        else reject(new RejoinError(why.kind, why.message))
      }
      this.#deps.committer.add(
        pushWork({
          room,
          writer: this.#writer,
          clientIds: this.#clientIds.all(),
          entries,
          bytes,
          principal: () => principal,
          answered,
        }),
      )
    })
  }
}

const undecided = 'The edit could not be decided now; nothing was written.'

/** A writer remembers every document that it wrote; after so many edits another one begins. */
const editsOfOneWriter = 100_000

/** Before the app's function sees an entity that nobody made, and before anything is noted in the log. */
async function requireEntity(room: Room, { name }: Collection, id: string): Promise<void> {
  const root = rootKey({ collection: name, entity: entityId(id) })
  if ((await room.records.document(root)) === undefined)
    throw new RejoinError('not-found', `${name}/${id} does not exist in the space ${room.ref.space}.`)
}

const keyOf = (
  collection: Collection,
  id: string,
  { part, field }: Pick<DocumentUpdate, 'part' | 'field'>,
): DocumentKey => documentKey({ collection: collection.name, entity: entityId(id), part, field })

const serverPrincipal = ({ tenant }: SpaceRef): Principal => ({
  tenant,
  user: serverUser,
  roleIn: (_space: SpaceId) => 'owner',
  expiresMs: Infinity,
})
