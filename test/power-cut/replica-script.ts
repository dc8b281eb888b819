import { crc32 } from '@rejoin/base'
import type { Batch, Row } from '@rejoin/storage'
import { createHash } from 'node:crypto'
import { Dice } from './dice.ts'

/** What the replica does. Batches are numbered from 1; each is a function of its number alone. */
export const replicaScript = {
  batches: 260,
  /** Closed and opened again behind this batch. */
  reopenAfter: 60,
  /** Killed behind this one; another process goes on. */
  killAfter: 180,
}

const bigBatch = 100
const bigRows = 150
const bigGone = 130

/** Many small batches, which write over what is there, remove single rows and ranges; one of 1.2 MB in their midst. */
export function batchAt(number: number): Batch {
  const dice = new Dice(number)
  if (number === bigBatch)
    return { put: Array.from({ length: bigRows }, (_, i): Row => [`big/${i}`, sealed(dice, number, 8000)]) }
  const put = Array.from({ length: 1 + dice.below(4) }, (): Row => {
    const size = dice.chance(0.1) ? dice.below(20_000) : dice.below(400)
    return [`row/${dice.below(120)}`, sealed(dice, number, size)]
  })
  return {
    remove: [`row/${dice.below(120)}`],
    removeRange: number === bigGone ? [{ from: 'big/', to: 'big0' }] : [],
    put: [...put, ['count', sealed(dice, number, 0)]],
  }
}

/** A value as a replica stores it: with its own checksum in front. */
function sealed(dice: Dice, number: number, size: number): Uint8Array {
  const value = Buffer.concat([Buffer.alloc(8), dice.bytes(size)])
  value.writeUInt32LE(number, 4)
  value.writeUInt32LE(crc32(value.subarray(4)), 0)
  return value
}

export const isSealed = (value: Uint8Array): boolean =>
  value.length >= 8 && Buffer.from(value).readUInt32LE(0) === crc32(value.subarray(4))

/** The naive store: what holds after a batch. */
export function applyBatch(rows: Map<string, Uint8Array>, batch: Batch): void {
  for (const key of batch.remove ?? []) rows.delete(key)
  for (const { from, to } of batch.removeRange ?? [])
    for (const key of rows.keys()) if (key >= from && key < to) rows.delete(key)
  for (const [key, value] of batch.put ?? []) rows.set(key, value)
}

export function digestOf(rows: Iterable<Row>): string {
  const hash = createHash('sha1')
  for (const [key, value] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${key} ${value.length}\n`).update(value)
  return hash.digest('hex')
}

/** The digest after each batch; the first is that of an empty store. */
export function replicaStates(): readonly string[] {
  const rows = new Map<string, Uint8Array>()
  const states = [digestOf(rows)]
  for (let number = 1; number <= replicaScript.batches; number++) {
    applyBatch(rows, batchAt(number))
    states.push(digestOf(rows))
  }
  return states
}
