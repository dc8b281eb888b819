import fc from 'fast-check'
import type { Change, Engine, EngineDocument, Json, Marks, Update } from '../engine.ts'

/** One local change: one update of one replica. */
export interface Write {
  readonly replica: number
  /** With its place in the log. */
  readonly update: Update
  /** What it did, told as it was made. */
  readonly changes: readonly Change[]
  /** What the replica had seen by then, its own writes among it. */
  readonly before: readonly Write[]
}

/**
 * What some replicas wrote while they saw each other's writes late, in part and out of order. All goes through one log,
 * where each write has a place: those of one replica in the order it made them, and none before what its author had seen.
 */
export interface History {
  /** In an order in which they can have been made; those of one replica are in the order it made them. */
  readonly writes: readonly Write[]
  /** Key to the values that no replica removed after seeing them, sorted. */
  readonly surviving: ReadonlyMap<string, readonly number[]>
}

export type Edit =
  /** Moves the cursor first if told to, and leaves it behind what was typed. */
  | { readonly kind: 'type'; readonly at: number | undefined; readonly text: string }
  | { readonly kind: 'erase'; readonly at: number; readonly count: number }
  | { readonly kind: 'mark'; readonly at: number; readonly count: number; readonly marks: Marks }
  | { readonly kind: 'insert'; readonly at: number; readonly values: readonly Json[] }
  | { readonly kind: 'cut'; readonly at: number; readonly count: number }
  | { readonly kind: 'set'; readonly key: string; readonly stamp: number }
  | { readonly kind: 'clear'; readonly key: string }

export type Action =
  | { readonly kind: 'edit'; readonly replica: number; readonly edits: readonly Edit[] }
  /** Takes in the part `share` of the writes it lacks: the oldest ones, or any. */
  | { readonly kind: 'pull'; readonly replica: number; readonly share: number; readonly oldest: boolean }
  /** Goes on under another client id, as after a restart. */
  | { readonly kind: 'renew'; readonly replica: number }

const replicas = 3
/** Small numbers often, so that replicas meet at the same places. */
const position = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 999 }))
const key = fc.constantFrom('title', 'minutes/a', 'minutes/b', 'tags/"x"', '__proto__', '')

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      at: fc.option(position, { freq: 1, nil: undefined }),
      text: fc.constantFrom('a', 'b', 'word ', 'é', '😀', '\n'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('erase' as const), at: position, count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      at: position,
      count: fc.integer({ min: 1, max: 6 }),
      marks: fc.constantFrom<Marks>({ bold: true }, { bold: null }, { link: 'a' }, { link: { to: 'b' }, bold: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      at: position,
      values: fc.array(fc.constantFrom<Json>(1, 'two', null, { three: [3] }), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at: position, count: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('set' as const), key, stamp: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const), key }) },
)

const replica = fc.integer({ min: 0, max: replicas - 1 })

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      replica,
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pull' as const),
      replica,
      share: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 100 })),
      oldest: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), replica }) },
)

export const anyActions: fc.Arbitrary<readonly Action[]> = fc.array(action, {
  minLength: 1,
  maxLength: 100,
  size: 'max',
})

/** The same actions, but no unit and no value is written twice, so that each tells who wrote it. */
export function distinct(actions: readonly Action[]): readonly Action[] {
  let next = 0
  const unit = (): string => String.fromCodePoint((next % 5 === 0 ? 0x20000 : 0x4e00) + next++)
  return actions.map((action) => {
    if (action.kind !== 'edit') return action
    const edits = action.edits.map((each): Edit => {
      if (each.kind === 'type') return { ...each, text: [...each.text].map(unit).join('') }
      if (each.kind === 'insert') return { ...each, values: each.values.map(() => next++) }
      return each
    })
    return { ...action, edits }
  })
}

/** Plays the actions on fresh documents. The same actions give the same bytes. */
export function playHistory(engine: Engine, actions: readonly Action[]): History {
  const play = new Play(engine)
  for (const each of actions) play.step(each)
  return play.end()
}

/** A write has no place until it has arrived, and its author is told of that later than others may be. */
type Sent = { -readonly [Name in keyof Write]: Write[Name] } & { told: boolean }

class Play {
  readonly #documents: EngineDocument[] = []
  readonly #cursors = new Map<EngineDocument, number>()
  readonly #seen: Set<Sent>[] = []
  readonly #writes: Sent[] = []
  readonly #surviving = new Map<string, Set<number>>()
  #nextValue = 1
  #nextClient = 1
  #nextSeq = 1

  constructor(engine: Engine) {
    for (let i = 0; i < replicas; i++) {
      const document = engine.create()
      this.#documents.push(document)
      this.#seen.push(new Set())
      this.#renew(document)
    }
  }

  step(action: Action): void {
    const document = this.#documents[action.replica]
    const seen = this.#seen[action.replica]
    if (document === undefined || seen === undefined) return
    if (action.kind === 'renew') this.#renew(document)
    else if (action.kind === 'edit') this.#edit(action.replica, document, seen, action.edits)
    else this.#pull(action.replica, document, seen, action)
  }

  end(): History {
    for (const document of this.#documents) document.dispose()
    for (let replica = 0; replica < replicas; replica++) this.#store(replica)
    const surviving = [...this.#surviving].filter(([, values]) => values.size > 0)
    return {
      writes: this.#writes,
      surviving: new Map(surviving.map(([name, values]) => [name, [...values].sort((a, b) => a - b)])),
    }
  }

  /** Scattered over the 32 bits, so that the order of ids is not the order of making. */
  #renew(document: EngineDocument): void {
    document.setClient(Math.imul(this.#nextClient++, 0x9e3779b1) >>> 0)
  }

  #edit(number: number, document: EngineDocument, seen: Set<Sent>, edits: readonly Edit[]): void {
    let changes: readonly Change[] = []
    const update = document.transact(
      () => {
        for (const each of edits) this.#apply(document, each)
      },
      (told) => (changes = told),
    )
    if (update === undefined) return
    const write = { replica: number, update, changes, before: [...seen], told: false }
    this.#writes.push(write)
    seen.add(write)
  }

  #pull(
    number: number,
    document: EngineDocument,
    seen: Set<Sent>,
    { share, oldest }: { share: number; oldest: boolean },
  ): void {
    const lacking = this.#writes.filter((write) => !seen.has(write))
    const count = Math.ceil((lacking.length * share) / 100)
    const taken = oldest ? lacking.slice(0, count) : lacking.filter((_, i) => (i * 37) % 100 < share)
    for (const write of taken) this.#store(write.replica, write)
    // A log gives back what one wrote oneself: first, so that nobody hears of a place behind it before.
    const own = this.#writes.filter((write) => write.replica === number && isStored(write) && !write.told)
    document.apply([...own, ...taken].map((write) => write.update))
    for (const write of own) write.told = true
    for (const write of taken) seen.add(write)
  }

  /** What a replica wrote arrives at the log in the order it was made, up to this write or to the last. */
  #store(replica: number, last?: Sent): void {
    for (const write of this.#writes) {
      if (write.replica === replica && !isStored(write)) write.update = { ...write.update, seq: this.#nextSeq++ }
      if (write === last) return
    }
  }

  #apply(document: EngineDocument, change: Edit): void {
    const { text, list, registers } = document
    switch (change.kind) {
      case 'type': {
        const { at = Math.min(this.#cursors.get(document) ?? 0, text.length) } = change
        const index = outsidePair(text.read(), at % (text.length + 1))
        text.insert(index, change.text)
        return void this.#cursors.set(document, index + change.text.length)
      }
      case 'erase':
      case 'mark': {
        const from = outsidePair(text.read(), change.at % (text.length + 1))
        const to = outsidePair(text.read(), Math.min(text.length, from + change.count))
        return change.kind === 'erase' ? text.delete(from, to - from) : text.format(from, to - from, change.marks)
      }
      case 'insert':
        return list.insert(change.at % (list.length + 1), change.values)
      case 'cut': {
        const from = change.at % (list.length + 1)
        return list.delete(from, Math.min(list.length - from, change.count))
      }
      case 'clear':
        return this.#remove(document, change.key)
      case 'set': {
        this.#remove(document, change.key)
        const value = this.#nextValue++
        registers.append(change.key, change.stamp, value)
        const values = this.#surviving.get(change.key) ?? new Set()
        this.#surviving.set(change.key, values.add(value))
      }
    }
  }

  #remove(document: EngineDocument, name: string): void {
    for (const { value } of document.registers.survivors(name)) this.#surviving.get(name)?.delete(Number(value))
    document.registers.remove(name)
  }
}

const isStored = ({ update }: Write): boolean => update.seq !== undefined

const outsidePair = (text: string, index: number): number => {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index
}
