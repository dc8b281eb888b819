import { addNumber, hasNumber, noIntervals, writerId } from '@rejoin/base'
import type { EntryId, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { BatchBuilder } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { encodeEntryNumbers, encodeWriter } from '../replica/writer-records.ts'
import type { EntryNumbers, WriterRecord } from '../replica/writer-records.ts'

/** The writers of this replica that matter now: the one of this open, and earlier ones with unanswered work. */
export class OwnWriters {
  readonly #writers = new Map<WriterId, WriterRecord>()
  readonly #numbers = new Map<string, EntryNumbers>()

  add(writer: WriterId, record: WriterRecord): void {
    this.#writers.set(writer, record)
  }

  addNumbers(writer: WriterId, space: SpaceId, numbers: EntryNumbers): void {
    this.#numbers.set(`${writer}|${space}`, numbers)
  }

  has(writer: WriterId): boolean {
    return this.#writers.has(writer)
  }

  clientIds(writer: WriterId): readonly number[] {
    return this.#writers.get(writer)?.clientIds ?? []
  }

  /** Writes the writer's record if it has used client ids that are not on disk yet. */
  used(batch: BatchBuilder, writer: WriterId, principal: UserId, clientIds: readonly number[]): void {
    if (this.#writers.get(writer)?.clientIds.length === clientIds.length) return
    const before = this.#writers.get(writer)
    const record = { principal, clientIds: [...clientIds] }
    this.#writers.set(writer, record)
    batch.onRevert(() => (before === undefined ? this.#writers.delete(writer) : this.#writers.set(writer, before)))
    batch.put(keys.writer(writer), encodeWriter(record))
  }

  /** Whether the entry was sealed here and its answer has been dealt with. */
  isAnswered(space: SpaceId, id: EntryId): boolean {
    return hasNumber(this.#of(id.writer, space).answered, id.n)
  }

  sealed(batch: BatchBuilder, space: SpaceId, id: EntryId): void {
    const numbers = this.#of(id.writer, space)
    this.#put(batch, id.writer, space, { ...numbers, last: Math.max(numbers.last, id.n) })
  }

  answered(batch: BatchBuilder, space: SpaceId, id: EntryId): void {
    const numbers = this.#of(id.writer, space)
    this.#put(batch, id.writer, space, { ...numbers, answered: addNumber(numbers.answered, id.n) })
  }

  /**
   * The log of the space is read from its beginning again, and what it holds of ours may be gone here: none of
   * our entries is to be left out from now on. To be written down with `write`.
   */
  forgetAnswers(space: SpaceId): void {
    for (const [name, numbers] of this.#in(space)) this.#numbers.set(name, { ...numbers, answered: noIntervals })
  }

  /** Writes what is known of our entries in the space. */
  write(batch: BatchBuilder, space: SpaceId): void {
    for (const [name, numbers] of this.#in(space)) this.#put(batch, writerId(name.split('|')[0] ?? ''), space, numbers)
  }

  #in(space: SpaceId): readonly (readonly [name: string, EntryNumbers])[] {
    return [...this.#numbers].filter(([name]) => name.endsWith(`|${space}`))
  }

  #of(writer: WriterId, space: SpaceId): EntryNumbers {
    return this.#numbers.get(`${writer}|${space}`) ?? { last: 0, answered: noIntervals }
  }

  #put(batch: BatchBuilder, writer: WriterId, space: SpaceId, numbers: EntryNumbers): void {
    const name = `${writer}|${space}`
    const before = this.#of(writer, space)
    this.#numbers.set(name, numbers)
    batch.onRevert(() => this.#numbers.set(name, before))
    batch.put(keys.numbers(writer, space), () => encodeEntryNumbers(this.#numbers.get(name) ?? numbers))
  }
}
