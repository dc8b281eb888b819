import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { GapBuffer } from './gap-buffer.ts'
import { parseObject, parsePatch, pointsOf, replay } from './shape.ts'
import type { Patch } from './shape.ts'

/** Its patches are in UTF-16 units. */
export type Transaction = readonly Patch[]

/** A recorded writing session: its transactions, applied in order to `startContent`, give `endContent`. */
export interface Trace {
  readonly name: string
  readonly startContent: string
  readonly endContent: string
  readonly transactions: readonly Transaction[]
}

/**
 * Reads the sequential format: `{ startContent, endContent, txns: [{ patches: [[position, deleted, inserted]] }] }`
 * with positions and deletions in code points. The result is in UTF-16 units, and its replay was checked.
 * The error is the end of a sentence that begins with the name of the file.
 */
export function parseTrace(name: string, json: string): Result<Trace, string> {
  const shape = parseShape(json)
  if (!shape.ok) return shape
  const { startContent, endContent, txns } = shape.value
  const model = new GapBuffer(pointsOf(startContent))
  const transactions: Transaction[] = []
  for (const [index, txn] of txns.entries()) {
    const patches = (txn as { patches?: unknown } | null)?.patches
    if (!Array.isArray(patches)) return err(`is not a trace: its transaction ${index} has no list of patches.`)
    const transaction: Patch[] = []
    for (const raw of patches as unknown[]) {
      const read = parsePatch(raw)
      const patch = read.ok ? replay(model, read.value) : read
      if (!patch.ok) return err(`is not a trace: in its transaction ${index} a patch ${patch.error}.`)
      transaction.push(patch.value)
    }
    transactions.push(transaction)
  }
  const difference = differenceOf(model.toString(), endContent)
  if (difference !== undefined) return err(`does not replay to its endContent: ${difference}.`)
  return ok({ name, startContent, endContent, transactions })
}

/** The session cut short after its first `count` transactions. */
export function firstOf(trace: Trace, count: number): Trace {
  if (count >= trace.transactions.length) return trace
  return { ...trace, transactions: trace.transactions.slice(0, count), endContent: textAfter(trace, count) }
}

/** The text once the first `count` transactions are applied. */
export function textAfter(trace: Trace, count: number): string {
  const model = new GapBuffer(unitsOf(trace.startContent))
  for (const transaction of trace.transactions.slice(0, count)) {
    for (const [at, deleted, inserted] of transaction) {
      model.moveTo(at)
      model.delete(deleted)
      model.insert(unitsOf(inserted))
    }
  }
  return model.toString()
}

interface Shape {
  readonly startContent: string
  readonly endContent: string
  readonly txns: readonly unknown[]
}

function parseShape(json: string): Result<Shape, string> {
  const object = parseObject(json)
  if (!object.ok) return object
  const { kind, startContent = '', endContent, txns } = object.value
  if (kind === 'concurrent')
    return err(
      'is a concurrent trace; only sequential ones can be replayed by one author, and `rejoin merge` plays those of several.',
    )
  if (typeof startContent !== 'string' || typeof endContent !== 'string' || !Array.isArray(txns))
    return err('is not a trace: startContent, endContent or txns are missing or of another type.')
  if (txns.length === 0) return err('is not a trace: it has no transactions.')
  if (!startContent.isWellFormed()) return err('is not a trace: its startContent is not well-formed Unicode.')
  return ok({ startContent, endContent, txns })
}

function unitsOf(text: string): number[] {
  const units: number[] = []
  for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i))
  return units
}

/** How two texts differ, in words; undefined if they are equal. */
export function differenceOf(got: string, wanted: string): string | undefined {
  if (got === wanted) return undefined
  let at = 0
  while (at < got.length && at < wanted.length && got[at] === wanted[at]) at++
  return `${got.length} characters instead of ${wanted.length}, equal up to ${at}`
}
