import { ByteWriter } from '@rejoin/base'
import type { Update } from '../engine.ts'
import type { Ids } from './ids.ts'
import type { Part, Place } from './parts.ts'
import { orders, units } from './policy.ts'
import type { Policy } from './policy.ts'
import type { Batch, Write } from './write.ts'

export const formatVersion = 1
export const flags = { seq: 1, base: 2, parts: 4 } as const
export const roots = ['registers', 'text', 'list'] as const

/** The version, the policy, the clients, the ids, and the writes; clients are told by their places in the list of them. */
export function encode({ unit, order }: Policy, batch: Batch): Update {
  const clients = new Map<number, number>()
  const body = new ByteWriter()
  const client = (id: number): number => {
    const known = clients.get(id) ?? clients.size
    clients.set(id, known)
    return known
  }
  for (const ids of [batch.stored, batch.open]) writeIds(body, ids, client)
  body.number(batch.writes.length)
  for (const write of batch.writes) writeWrite(body, write, unit === 'field', client)
  const writer = new ByteWriter(16 + body.length)
  writer.byte(formatVersion).byte(units.indexOf(unit)).byte(orders.indexOf(order)).number(clients.size)
  for (const id of clients.keys()) writer.number(id)
  return { encoding: 'other', bytes: writer.raw(body.view()).finish() }
}

type ClientPlace = (id: number) => number

function writeIds(to: ByteWriter, ids: Ids, client: ClientPlace): void {
  const entries = ids.entries()
  to.number(entries.length)
  for (const [id, runs] of entries) {
    to.number(client(id)).number(runs.length / 2)
    let last = 0
    for (const end of runs) {
      to.number(end - last)
      last = end
    }
  }
}

function writeWrite(to: ByteWriter, write: Write, field: boolean, client: ClientPlace): void {
  const { seq, base, parts } = write
  to.number(client(write.client)).number(write.clock).number(write.time)
  const has = (flag: number, what: unknown): number => (what === undefined ? 0 : flag)
  to.byte(has(flags.seq, seq) | has(flags.base, base) | has(flags.parts, parts))
  if (seq !== undefined) to.number(seq)
  if (base !== undefined) to.number(client(base.client)).number(base.clock)
  if (field) writePlace(to, write.place)
  if (parts === undefined) return
  to.number(parts.length)
  for (const part of parts) writePart(to, part, field, client)
}

function writePlace(to: ByteWriter, place: Place): void {
  const root = roots.findIndex((each) => place.startsWith(each))
  to.byte(root)
  if (root === 0) to.text(place.slice('registers/'.length))
}

/** Of a field that is written by itself, the place tells what it is. */
function writePart(to: ByteWriter, part: Part, field: boolean, client: ClientPlace): void {
  if (!field) to.byte(roots.indexOf(part.root))
  to.number(client(part.client)).number(part.clock)
  switch (part.root) {
    case 'registers':
      if (!field) to.text(part.key)
      to.number(part.stamp).text(JSON.stringify(part.value))
      return
    case 'text':
      to.number(part.runs.length)
      for (const { text, marks } of part.runs) {
        const hasMarks = Object.keys(marks).length > 0
        to.text(text).text(hasMarks ? JSON.stringify(marks) : '')
      }
      return
    case 'list':
      to.text(JSON.stringify(part.values))
  }
}
