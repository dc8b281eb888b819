import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { Causality } from './causality.ts'
import { isCount, parseObject, parsePatch } from './shape.ts'
import type { Patch } from './shape.ts'

/** What one author wrote at one state. */
export interface ConcurrentTransaction {
  readonly author: number
  /** Where it was written: these earlier transactions, with all that they come after, merged. */
  readonly parents: readonly number[]
  /** In code points of the author's text, one after another. */
  readonly patches: readonly Patch[]
  /** The transactions of others that its author sees now and did not at the one before; ascending. */
  readonly takesIn: readonly number[]
}

/** A recorded session of several authors, who write at once. All of it, merged, gives `endContent`. */
export interface ConcurrentTrace {
  readonly name: string
  readonly endContent: string
  /** How many wrote. */
  readonly authors: number
  readonly transactions: readonly ConcurrentTransaction[]
}

/**
 * Reads the concurrent format: `{ kind: 'concurrent', endContent, numAgents, txns: [{ agent, parents, patches }] }`.
 * An author's transactions come one after another. Whether patches lie inside the text shows when they are made.
 * The error is the end of a sentence that begins with the name of the file.
 */
export function parseConcurrent(name: string, json: string): Result<ConcurrentTrace, string> {
  const shape = parseShape(json)
  if (!shape.ok) return shape
  const { endContent, numAgents, txns } = shape.value
  const causality = new Causality()
  const transactions: ConcurrentTransaction[] = []
  for (const [index, txn] of txns.entries()) {
    const transaction = parseTransaction(txn, { index, count: txns.length, authors: numAgents }, causality)
    if (!transaction.ok) return err(`is not a trace: its transaction ${index} ${transaction.error}.`)
    transactions.push(transaction.value)
  }
  const authors = new Set(transactions.map(({ author }) => author)).size
  return ok({ name, endContent, authors, transactions })
}

interface Shape {
  readonly endContent: string
  readonly numAgents: number
  readonly txns: readonly unknown[]
}

function parseShape(json: string): Result<Shape, string> {
  const object = parseObject(json)
  if (!object.ok) return object
  const { kind, endContent, numAgents, txns } = object.value
  if (kind === undefined && Array.isArray(txns) && numAgents === undefined)
    return err('is a sequential trace, of one author; `rejoin replay` plays those.')
  if (kind !== 'concurrent') return err('is not a concurrent trace: its kind is not "concurrent".')
  if (typeof endContent !== 'string' || !isCount(numAgents) || !Array.isArray(txns))
    return err('is not a trace: endContent, numAgents or txns are missing or of another type.')
  if (txns.length === 0) return err('is not a trace: it has no transactions.')
  return ok({ endContent, numAgents, txns })
}

interface Place {
  readonly index: number
  readonly count: number
  readonly authors: number
}

/** The error is a clause about the transaction. */
function parseTransaction(raw: unknown, place: Place, causality: Causality): Result<ConcurrentTransaction, string> {
  const { agent, parents, patches } = (raw ?? {}) as Readonly<Record<string, unknown>>
  if (!isCount(agent) || agent >= place.authors) return err(`has no agent from 0 to ${place.authors - 1}`)
  if (!isList(parents) || !parents.every(isCount)) return err('has no list of parents')
  const ahead = parents.find((parent) => parent >= place.index)
  if (ahead !== undefined)
    return err(
      `names ${ahead} as a parent, which ${ahead < place.count ? 'does not come before it' : 'does not exist'}`,
    )
  if (!isList(patches)) return err('has no list of patches')
  const read: Patch[] = []
  for (const each of patches) {
    const patch = parsePatch(each)
    if (!patch.ok) return err(`has a patch that ${patch.error}`)
    read.push(patch.value)
  }
  const takesIn = causality.next(agent, parents)
  return takesIn.ok ? ok({ author: agent, parents, patches: read, takesIn: takesIn.value }) : takesIn
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
