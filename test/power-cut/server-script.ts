import { documentKey, firstGeneration, parseDocumentKey, spaceId, tenantId, userId, writerId } from '@rejoin/base'
import type { DocumentKey, WriterId } from '@rejoin/base'
import type { DocumentRecord, LogBatch, LogRow, SpaceCommit, SpaceRecord, SpaceRef, WriterRecord } from '@rejoin/server'
import { chainOf } from './chain.ts'
import { Dice } from './dice.ts'

/** What the server's log does. Commits are numbered from 1; all of them follow from the numbers before. */
export const serverScript = {
  commits: 110,
  /** Closed and opened again behind this commit. */
  reopenAfter: 25,
  /** Killed behind this one; another process goes on. */
  killAfter: 80,
}

export const refs: readonly SpaceRef[] = ['s1', 's2'].map((space) => ({
  tenant: tenantId('acme'),
  space: spaceId(space),
}))

export const documentsMax = 8
export const writersMax = 3
const bigCommit = 70
const foldEvery = 9

export const keyAt = (number: number): DocumentKey => documentKey(parseDocumentKey(`notes/n${number}/shared/`))
export const writerAt = (number: number): WriterId => writerId(`${number}`.repeat(32))
export const clientIdAt = (number: number): number => number * 1_000_000_007

export const refusedAt = (index: number): number => 1_000_000 + 2 * index

/** What one space's log was told so far. */
class SpaceScript {
  readonly #ref: SpaceRef
  readonly #documents: DocumentRecord[] = []
  readonly #writers: WriterRecord[] = []
  #record: SpaceRecord

  constructor(ref: SpaceRef) {
    this.#ref = ref
    const epoch = ref.space.repeat(16)
    this.#record = {
      epoch: Buffer.from(epoch).toString('hex').slice(0, 32),
      head: 0,
      hash: new Uint8Array(16),
      documents: 0,
      writers: 0,
    }
  }

  entries(dice: Dice, count: number): SpaceCommit {
    const expectHead = this.#record.head
    const rows: LogRow[] = []
    const clientIds: { id: number; writer: number }[] = []
    for (let i = 0; i < count; i++) {
      const writer = this.#writer(dice, rows, clientIds)
      const document = this.#document(dice)
      const n = (writer.accepted[1] ?? 0) + 1
      const bytes = dice.bytes(dice.chance(0.05) ? dice.below(12_000) : 1 + dice.below(300))
      rows.push(
        this.#row({ kind: 'update', document: document.number, writer: writer.number, n, stamp: n * 1000, bytes }),
      )
      this.#writers[writer.number - 1] = { ...writer, accepted: [1, n] }
      const { tailEntries, tailBytes } = document
      this.#documents[document.number - 1] = {
        ...document,
        tailEntries: tailEntries + 1,
        tailBytes: tailBytes + bytes.length,
      }
    }
    return { ...this.#commit(expectHead, rows), clientIds }
  }

  /** A refusal, which takes no number of the log. */
  refusal(dice: Dice): SpaceCommit {
    const [writer] = this.#writers
    if (writer === undefined) return this.entries(dice, 1)
    const n = refusedAt(writer.refused.length / 2)
    this.#writers[0] = { ...writer, refused: [...writer.refused, n, n] }
    return {
      ...this.#commit(this.#record.head, []),
      refusals: [{ writer: 1, n, kind: 'rule', message: `Not ${n}, because of ${dice.below(100)}.` }],
    }
  }

  /** A snapshot in the place of the longest tail. */
  fold(dice: Dice, rowsOf: (document: number) => LogRow | undefined): SpaceCommit {
    const document = this.#documents.toSorted((a, b) => b.tailEntries - a.tailEntries)[0]
    const last = document && rowsOf(document.number)
    if (document === undefined || last === undefined) return this.entries(dice, 1)
    const expectHead = this.#record.head
    const bytes = dice.bytes(200 + dice.below(600))
    const snapshot: LogRow = { ...last, kind: 'snapshot', writer: 0, n: 0, group: 0, encoding: 'yjs-2', bytes }
    const fold = this.#row({
      kind: 'fold',
      document: document.number,
      writer: 0,
      n: snapshot.seq,
      stamp: 0,
      bytes: dice.bytes(32),
    })
    this.#documents[document.number - 1] = {
      ...document,
      foldedTo: snapshot.seq,
      foldedBytes: bytes.length,
      tailEntries: 0,
      tailBytes: 0,
    }
    return { ...this.#commit(expectHead, [fold]), folds: [{ document: document.number, snapshot }] }
  }

  #commit(expectHead: number, rows: readonly LogRow[]): SpaceCommit {
    const record = { ...this.#record, documents: this.#documents.length, writers: this.#writers.length }
    return {
      ref: this.#ref,
      expectHead,
      record,
      rows,
      documents: [...this.#documents],
      writers: [...this.#writers],
    }
  }

  #row(row: Pick<LogRow, 'kind' | 'document' | 'writer' | 'n' | 'stamp' | 'bytes'>): LogRow {
    const made = { ...row, seq: this.#record.head + 1, group: 0, encoding: 'yjs-1' } as const
    const document = this.#documents[row.document - 1]
    const chain = chainOf(this.#record.hash, made, {
      key: document?.key ?? '',
      generation: document?.generation ?? firstGeneration,
      writer: this.#writers[row.writer - 1]?.writer ?? '',
    })
    this.#record = { ...this.#record, head: made.seq, hash: chain }
    return { ...made, chain }
  }

  #document(dice: Dice): DocumentRecord {
    const known = this.#documents[dice.below(documentsMax)]
    if (known !== undefined) return known
    const number = this.#documents.length + 1
    const made: DocumentRecord = {
      number,
      key: keyAt(number),
      generation: firstGeneration,
      encoding: 'yjs-1',
      foldedTo: 0,
      foldedBytes: 0,
      tailEntries: 0,
      tailBytes: 0,
      isolated: false,
    }
    this.#documents.push(made)
    return made
  }

  #writer(dice: Dice, rows: LogRow[], clientIds: { id: number; writer: number }[]): WriterRecord {
    const known = this.#writers[dice.below(writersMax)]
    if (known !== undefined) return known
    const number = this.#writers.length + 1
    const user = userId(`user-${number}`)
    const made = { number, writer: writerAt(number), user, logged: true, accepted: [], refused: [] }
    this.#writers.push(made)
    rows.push(
      this.#row({ kind: 'writer', document: 0, writer: number, n: 0, stamp: 0, bytes: new TextEncoder().encode(user) }),
    )
    clientIds.push({ id: clientIdAt(number), writer: number })
    return made
  }
}

/** Gives the commits one after the other. */
class ServerScript {
  readonly #spaces = refs.map((ref) => ({ script: new SpaceScript(ref), last: new Map<number, LogRow>() }))
  #number = 0

  next(): LogBatch {
    this.#number++
    const dice = new Dice(this.#number)
    const chosen = this.#spaces.filter((_, i) => dice.chance(0.8) || i === this.#number % 2)
    const spaces = chosen.map(({ script, last }): SpaceCommit => {
      const commit = this.#commit(dice, script, last)
      for (const row of commit.rows ?? []) if (row.kind === 'update') last.set(row.document, row)
      for (const { document } of commit.folds ?? []) last.delete(document)
      return commit
    })
    const devices = dice.chance(0.1)
      ? [{ tenant: tenantId('acme'), user: userId('user-1'), device: 'd1', bytes: dice.bytes(40) }]
      : []
    return { spaces, devices }
  }

  #commit(dice: Dice, script: SpaceScript, last: ReadonlyMap<number, LogRow>): SpaceCommit {
    if (this.#number === bigCommit) return script.entries(dice, 60)
    if (this.#number % foldEvery === 0) return script.fold(dice, (document) => last.get(document))
    if (dice.chance(0.05)) return script.refusal(dice)
    return script.entries(dice, 1 + dice.below(2))
  }
}

/** All commits of the script. */
export function everyCommit(): readonly LogBatch[] {
  const script = new ServerScript()
  return Array.from({ length: serverScript.commits }, () => script.next())
}
