import { eachNumber, spaceId } from '@rejoin/base'
import type { Clock, UserId, WriterId } from '@rejoin/base'
import type { Committer } from './replica/committer.ts'
import { partsOf } from './replica/keys.ts'
import type { Loaded } from './replica/load.ts'
import { nobody } from './replica/meta.ts'
import type { Counters } from './replica/meta.ts'
import type { Repaired } from './replica/repair.ts'
import { receiptsOf } from './replica/row.ts'
import { receiptsIn } from './replica/sealed-record.ts'
import type { OwnWriters } from './upstream/own-writers.ts'
import type { ReceiptBook } from './upstream/receipt-book.ts'
import type { Upstream } from './upstream/upstream.ts'

export interface OpeningDeps {
  readonly clock: Clock
  readonly committer: Committer
  readonly counters: Counters
  readonly writers: OwnWriters
  readonly book: ReceiptBook
  readonly upstream: Upstream
  /** The writer of this open, and who it is. */
  readonly writer: WriterId
  readonly principal: UserId
}

/** Takes up the work that an earlier open left unfinished, as far as it can be read. */
export async function takeUp(loaded: Loaded, repaired: Repaired, deps: OpeningDeps): Promise<void> {
  const { writers, book, upstream, writer, principal } = deps
  for (const [author, record] of loaded.writers) writers.add(author, record)
  for (const { writer: author, space, numbers } of loaded.numbers) writers.addNumbers(author, space, numbers)
  for (const author of authorsOf(loaded, repaired)) {
    if (!writers.has(author)) writers.add(author, { principal, clientIds: [] })
    await book.open(author)
  }
  if (!repaired.isWhole) writeRepair(loaded, repaired, deps)
  upstream.restore(repaired.sealed)
  // What was written before anybody was known belongs to the first who is.
  const adopted = <T extends { readonly principal: UserId }>(work: T): T =>
    work.principal === nobody ? { ...work, principal } : work
  const rows = repaired.rows.map(({ info }) => adopted(info))
  const sealed = repaired.sealed.map(({ info }) => adopted(info))
  upstream.step({ kind: 'start', writer, lastEntry: new Map(), rows, sealed })
}

/** Whose receipts may still end. */
function authorsOf(loaded: Loaded, repaired: Repaired): ReadonlySet<WriterId> {
  const rows = [...loaded.waiting.rows, ...repaired.rows].flatMap(({ record }) => receiptsOf(record))
  return new Set([...rows, ...repaired.sealed.flatMap(receiptsIn)].map(({ writer }) => writer))
}

function writeRepair(
  loaded: Loaded,
  repaired: Repaired,
  { clock, committer, counters, writers, book }: OpeningDeps,
): void {
  const lost = loaded.damaged
    .map(([key]) => partsOf(key))
    .flatMap(([table, space = '']) => (table === 'space' ? [spaceId(space)] : []))
  for (const space of lost) writers.forgetAnswers(space)
  committer.contribute({
    write: (batch) => {
      repaired.write(batch, clock.now())
      for (const { record } of repaired.stranded)
        for (const { writer, numbers } of receiptsOf(record)) book.rejected(batch, writer, eachNumber(numbers))
      for (const space of lost) writers.write(batch, space)
      counters.write(batch)
    },
    durable: () => undefined,
  })
}
