import { noStamp } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { Author, PartDocument } from '@rejoin/schema'
import type { Engine, Update } from '../../engine.ts'
import type { EditResult } from '../../entity/entity.ts'
import type { Action, Command, History, LifeVerb, Order } from './history.ts'
import { lossesOf, makeAgain } from './losses.ts'
import { Replica, userOf } from './replica.ts'
import { look, settle } from './settling.ts'
import { documentIn } from './scope.ts'
import type { Scope } from './scope.ts'
import { nameOf } from './write.ts'
import type { Deed, Touch, Write } from './write.ts'

/** What was meant by an edit in one document. */
type Meant = Pick<Touch, 'at' | 'deeds'>

export const registersOfShared: PartDocument = { part: 'shared', field: '' }
/** The name under which the model books that the entity is made, deleted or kept alive. */
export const lifeField = '@life'
/** Autumn 2026. */
const beginMs = 1_790_000_000_000

/** Several replicas on which a history is played. The same history gives the same bytes. */
export class World {
  readonly scope: Scope
  readonly engine: Engine
  readonly replicas: readonly Replica[]
  /** In the order of making, without what was lost or refused. */
  readonly writes: Write[] = []
  /** What the last undo took back, or the last redo brought. */
  taken: Write | undefined
  /** What was asked for and not refused at the call, also if by its policy it came to nothing. */
  operations = 0
  #nowMs = beginMs
  #sessions = 0
  #numbers = 0
  #fresh = 0
  /** What `ensure` seeds: the same for everybody. */
  #genesis: Write | undefined

  constructor(scope: Scope, engine: Engine, { clocks }: History) {
    this.scope = scope
    this.engine = engine
    this.replicas = clocks.map(
      (wrongBy, number) =>
        new Replica({
          collection: scope.collection,
          engine,
          number,
          capture: scope.besides === 'remake' || scope.besides === 'undo',
          nowMs: () => this.#nowMs + wrongBy,
          nextSession: () => this.#sessions++,
        }),
    )
  }

  /** Gives the replica to which it happened, if something did. */
  step(action: Action): Replica | undefined {
    this.#nowMs++
    const replica = this.replicas[action.replica % this.replicas.length]
    if (replica === undefined) return undefined
    switch (action.kind) {
      case 'edit':
        return this.#edit(replica, action.as, action.commands) ? replica : undefined
      case 'live':
        return this.#live(replica, action.verb) ? replica : undefined
      case 'pull':
        return this.#pull(replica, action.order, action.share) ? replica : undefined
      case 'restart':
        if (action.losing > 0) this.#lose(replica, action.losing)
        replica.restart()
        return replica
      case 'refuse':
        return this.#lose(replica, action.pick) ? replica : undefined
      case 'remake':
        return this.#lose(replica, action.pick, 'again') ? replica : undefined
      case 'resolve':
        return this.#resolve(replica, action.pick) ? replica : undefined
      case 'undo':
      case 'redo':
        return this.#take(replica, action.kind) ? replica : undefined
      default:
        replica[action.kind]()
        return replica
    }
  }

  dispose(): void {
    for (const { entity } of this.replicas) entity.dispose()
  }

  #edit(replica: Replica, as: Author, commands: readonly Command[]): boolean {
    const meant = new Map<string, Meant>()
    const isSigned = as === 'user' && this.scope.collection.deletion === 'edit-wins' && replica.entity.exists()
    const result = replica.entity.edit(as, (draft: unknown) => {
      for (const command of commands) {
        const field = this.scope.fields.get(command.field)
        if (field === undefined || (field.writer === 'server') !== (as === 'server')) continue
        const what = field.subject.perform(Reflect.get(draft as object, field.name), command, () => this.#fresh++)
        if (what === undefined) continue
        const at = documentIn(this.scope, field, userOf(replica.number))
        meant.set(nameOf(at), { at, deeds: [...(meant.get(nameOf(at))?.deeds ?? []), { field: field.name, what }] })
      }
    })
    if ('error' in result && isGone(result.error)) return false
    this.operations++
    if (isSigned && result.updates.length > 0)
      meant.set(nameOf(registersOfShared), {
        at: registersOfShared,
        deeds: [...(meant.get(nameOf(registersOfShared))?.deeds ?? []), { field: lifeField, what: 'sign' }],
      })
    if (!this.#record(replica, as, result, [...meant.values()])) return false
    const write = this.writes.at(-1)
    if (write !== undefined) replica.undos.record(write)
    return true
  }

  #live(replica: Replica, verb: LifeVerb): boolean {
    if (verb === 'ensure') return this.#ensure(replica)
    const { entity } = replica
    const result = verb === 'create' ? entity.create({}) : entity[verb]()
    if ('error' in result || result.updates.length === 0) return false
    this.operations++
    return this.#record(replica, 'user', result, [
      { at: registersOfShared, deeds: [{ field: lifeField, what: verb === 'create' ? 'sign' : verb }] },
    ])
  }

  #ensure(replica: Replica): boolean {
    const seeds = [...this.scope.fields.values()].flatMap((field) =>
      field.writer === 'shared' && field.subject.seed !== undefined ? [{ field, seed: field.subject.seed }] : [],
    )
    const result = replica.entity.ensure(Object.fromEntries(seeds.map(({ field, seed }) => [field.name, seed.initial])))
    if ('error' in result) throw result.error
    if (result.updates.length === 0) return false
    this.#genesis ??= {
      ...this.#toWrite({ replica: -1, session: -1, as: 'user' }, result, [
        { at: registersOfShared, deeds: [{ field: lifeField, what: 'sign' }] },
        ...seeds.map(({ field, seed }) => ({
          at: documentIn(this.scope, field, userOf(0)),
          deeds: [{ field: field.name, what: seed.deed }],
        })),
      ]),
      // Before everything that anybody writes.
      stamp: noStamp,
    }
    if (!this.writes.includes(this.#genesis)) this.writes.push(this.#genesis)
    for (const { update, ...at } of result.updates) sameBytes(this.#genesis.documents.get(nameOf(at))?.update, update)
    for (const document of this.#genesis.documents.keys())
      if (!replica.hasSeen(this.#genesis, document)) replica.note(this.#genesis, document)
    return true
  }

  #record(replica: Replica, as: Author, result: EditResult, meant: readonly Meant[]): boolean {
    if ('error' in result) throw result.error
    if (result.updates.length === 0 && meant.length === 0) return false
    const author = { replica: replica.number, session: replica.session, as }
    const write = this.#toWrite(author, result, meant, replica.knows)
    this.writes.push(write)
    for (const document of write.documents.keys()) replica.note(write, document)
    return true
  }

  #toWrite(
    author: Pick<Write, 'replica' | 'session' | 'as'>,
    { updates, changes = [] }: EditResult,
    meant: readonly Meant[],
    knows?: Replica['knows'],
  ): Write {
    const documents = new Map<string, Touch>()
    let stamp: Stamp = noStamp
    const touch = (at: PartDocument, update: Update | undefined, deeds: readonly Deed[]): void => {
      const before = documents.get(nameOf(at))
      const seen = before?.seen ?? new Set(knows?.get(nameOf(at)))
      documents.set(nameOf(at), {
        at,
        update: update ?? before?.update,
        deeds: [...(before?.deeds ?? []), ...deeds],
        seen,
        beside: seen,
      })
    }
    for (const { part, field, update, stamp: drawn } of updates) {
      touch({ part, field }, update, [])
      stamp = drawn
    }
    for (const { at, deeds } of meant) touch(at, undefined, deeds)
    return { ...author, number: this.#numbers++, stamp, documents, changes }
  }

  #pull(replica: Replica, order: Order, share: number): boolean {
    if (this.scope.besides === 'resolve') look(replica, share)
    const lacking = replica.lacks(this.writes)
    const count = Math.ceil((lacking.length * share) / 100)
    const isPicked = (i: number): boolean => (i * 37 + share * 11) % 100 < share
    const picked = order === 'oldest' ? lacking.slice(0, count) : lacking.filter((_, i) => isPicked(i))
    const taken = order === 'some' ? withCauses(picked, lacking) : picked
    replica.take(taken)
    return taken.length > 0
  }

  /** Loses a write that nobody else has seen, with what its replica built on it; `again`: that is made again, if it can be. */
  #lose(replica: Replica, pick: number, again: 'again' | 'never' = 'never'): boolean {
    const losses = lossesOf(replica, this.writes, this.replicas)
    // What nothing was built on leaves nothing to be made again.
    const worth = again === 'again' ? losses.filter(({ size }) => size > 1) : losses
    const lost = worth[pick % Math.max(1, worth.length)]
    if (lost === undefined) return false
    this.writes.splice(0, Infinity, ...this.writes.filter((write) => !lost.has(write)))
    replica.rebuildWithout(lost)
    if (again === 'again')
      makeAgain(replica, [...lost], (write, result, seen) => this.#recordAgain(replica, write, result, seen))
    return true
  }

  /** The same deeds with their stamps, by somebody who had seen what their author had then. */
  #recordAgain(
    replica: Replica,
    { as, stamp, documents }: Write,
    result: EditResult,
    seen: (touch: Touch) => ReadonlySet<Write>,
  ): Write {
    const author = { replica: replica.number, session: replica.session, as }
    const fresh = this.#toWrite(author, result, this.#deedsAgain(documents), replica.knows)
    const write = {
      ...fresh,
      stamp,
      documents: new Map(
        [...fresh.documents].map(([name, touch]) => {
          const old = documents.get(name)
          return [name, { ...touch, seen: old === undefined ? touch.seen : seen(old) }]
        }),
      ),
    }
    this.writes.push(write)
    for (const document of write.documents.keys()) replica.note(write, document)
    return write
  }

  #deedsAgain(documents: Write['documents']): readonly Meant[] {
    return [...documents.values()].map(({ at, deeds }) => ({
      at,
      deeds: deeds.map(({ field, what }) => ({
        field,
        what: this.scope.fields.get(field)?.subject.again?.(what) ?? what,
      })),
    }))
  }

  #resolve(replica: Replica, pick: number): boolean {
    const settled = settle(replica, pick, () => this.#fresh++)
    if (settled === undefined) return false
    this.operations++
    return this.#record(replica, settled.as, settled.result, [settled.meant])
  }

  #take(replica: Replica, how: 'undo' | 'redo'): boolean {
    const taken = replica.undos.take(how, replica.entity)
    this.taken = taken?.write
    if (taken === undefined) return false
    this.operations++
    this.#record(replica, taken.write.as, taken.result, [])
    return true
  }
}

type Pair = readonly [Write, string]

/** What is picked, and what its authors had seen in the same document. */
function withCauses(picked: readonly Pair[], lacking: readonly Pair[]): readonly Pair[] {
  return lacking.filter(([write, document]) =>
    picked.some(([one, at]) => at === document && (one === write || one.documents.get(at)?.beside.has(write) === true)),
  )
}

const isGone = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'kind' in error && error.kind === 'not-found'

function sameBytes(expected: Update | undefined, found: Update): void {
  if (expected === undefined || !expected.bytes.every((byte, i) => byte === found.bytes[i]))
    throw new Error('equal seeds have other bytes')
}
