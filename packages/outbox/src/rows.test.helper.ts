import {
  collectionName,
  documentKey,
  entityId,
  fieldName,
  firstGeneration,
  spaceId,
  userId,
  writerId,
} from '@rejoin/base'
import type { DocumentKey, EntryId, SpaceId, UserId, WriterId } from '@rejoin/base'
import { createOutbox } from './outbox.ts'
import type { OutboxLimits } from './options.ts'
import type { Answer, Outbox, OutboxEffect, OutboxEvent, RowInfo, SealedInfo, SealPlan } from './types.ts'

export const space: SpaceId = spaceId('course-7')
export const ann: UserId = userId('ann')
export const ben: UserId = userId('ben')

/** A document by a short name: an entity's text. */
export const doc = (name: string): DocumentKey =>
  documentKey({ collection: collectionName('notes'), entity: entityId(name), part: 'shared', field: fieldName('body') })

export const writerNamed = (k: number): WriterId => writerId(k.toString(16).padStart(32, '0'))
export const writer: WriterId = writerNamed(1)

export function row(number: number, name: string, more: Partial<RowInfo> = {}): RowInfo {
  const document = doc(name)
  const base = {
    space,
    document,
    branch: 0,
    generation: firstGeneration,
    writer,
    lane: 'normal',
    principal: ann,
  } as const
  return { row: number, ...base, group: 0, bytes: 10, writes: 1, stamp: number, needs: [], ...more }
}

type OfKind<K extends OutboxEffect['kind']> = Extract<OutboxEffect, { kind: K }>
type WithoutMoment<E> = E extends unknown ? Omit<E, 'now' | 'random'> : never
export type Happening = WithoutMoment<OutboxEvent> & { readonly random?: number }

/** An outbox under test with everything it asked for. */
export class Bench {
  readonly outbox: Outbox
  now = 1_000_000
  /** The effects of the last step. */
  effects: readonly OutboxEffect[] = []

  constructor(limits: Partial<OutboxLimits> = {}) {
    this.outbox = createOutbox(limits)
  }

  step(event: Happening): readonly OutboxEffect[] {
    this.effects = this.outbox.step({ random: 0.5, ...event, now: this.now })
    return this.effects
  }

  start(rows: readonly RowInfo[] = [], sealed: readonly SealedInfo[] = [], last = 0): this {
    this.step({ kind: 'start', writer, lastEntry: new Map([[space, last]]), rows, sealed })
    return this
  }

  link(principal: UserId = ann): this {
    this.step({ kind: 'linked', space, principal })
    return this
  }

  wait(...rows: readonly RowInfo[]): this {
    this.step({ kind: 'waiting', rows })
    return this
  }

  of<K extends OutboxEffect['kind']>(kind: K): readonly OfKind<K>[] {
    return this.effects.filter((effect): effect is OfKind<K> => effect.kind === kind)
  }

  /** The plan of the last step's seal; throws if there is not exactly one. */
  plan(): SealPlan {
    const [only, ...more] = this.of('seal')
    if (only === undefined || more.length > 0) throw new Error(`one seal expected: ${JSON.stringify(this.effects)}`)
    return only.plan
  }

  /** Makes the plan of the last step durable; the next effects are those of that. */
  seal(plan: SealPlan = this.plan()): SealPlan {
    this.step({ kind: 'sealed', plan, sizes: plan.entries.map(({ rows }) => rows.length) })
    return plan
  }

  /** Seals whatever there is to seal, pass after pass; returns the plans. */
  sealAll(): readonly SealPlan[] {
    const plans: SealPlan[] = []
    for (let next = this.of('seal')[0]; next !== undefined; next = this.of('seal')[0]) plans.push(this.seal(next.plan))
    return plans
  }

  answer(n: number, answer: Answer, by: WriterId = writer): this {
    this.step({ kind: 'answered', space, id: { writer: by, n }, answer })
    return this
  }

  ack(...numbers: readonly number[]): this {
    for (const n of numbers) this.answer(n, { kind: 'ack' })
    return this
  }

  reject(n: number): this {
    return this.answer(n, { kind: 'reject', error: 'rule', message: 'No.' })
  }

  /** The numbers that the last step sent. */
  sent(): readonly number[] {
    return this.of('send').flatMap(({ ids }) => numbersOf(ids))
  }

  asked(): readonly number[] {
    return this.of('ask').flatMap(({ ids }) => numbersOf(ids))
  }

  storedRows(): readonly number[] {
    return this.of('stored').flatMap(({ entries }) => entries.flatMap(({ rows }) => rows))
  }

  take(): OfKind<'take'> {
    const [only, ...more] = this.of('take')
    if (only === undefined || more.length > 0) throw new Error(`one take expected: ${JSON.stringify(this.effects)}`)
    return only
  }

  taken(take: OfKind<'take'>, more: readonly number[] = []): this {
    this.step({ kind: 'taken', space, take: take.take, rows: [...take.rows, ...more] })
    return this
  }

  /** Lets the timer that was asked for fire. */
  due(): this {
    const { at } = this.of('wake')[0] ?? {}
    if (at === undefined) throw new Error(`a wake expected: ${JSON.stringify(this.effects)}`)
    this.now = at
    this.step({ kind: 'due' })
    return this
  }
}

export const numbersOf = (ids: readonly EntryId[]): readonly number[] => ids.map(({ n }) => n)
export const rowsOf = (plan: SealPlan): readonly (readonly number[])[] => plan.entries.map(({ rows }) => rows)
