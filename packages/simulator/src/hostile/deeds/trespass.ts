import type { Deed } from '../hands.ts'
import { entryOf, opaque, payloadsFor } from '../hands.ts'
import { brand } from '../payloads/payload.ts'

/** H11: every request there is, of a space that is closed to it or that it may only read. */
export const trespass: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  const { closed, seen, fields } = hands.deps.ground
  const space = chance.pick([closed, closed, seen])
  const at = { collection: chance.pick(Object.keys(fields)), entity: 'x'.repeat(1 + chance.below(20)), field: '' }
  const { making, text } = payloadsFor(hands, at)
  const document = line.document(at)
  const writer = line.writer(space, hands.writer)
  const stream = line.subscribe(space)
  line.say({ kind: 'focus', stream, document })
  line.say({ kind: 'ask', writer, intervals: [1, 100] })
  line.say({ kind: 'presence', space: line.space(space), document, bytes: new TextEncoder().encode(brand) })
  const payload = chance.pick([making(hands.writer, 1), text(7, 'not mine'), opaque(chance.bytes(20))])
  line.push(writer, entryOf(hands.nextNumber(space), document, payload))
  const first = hands.nextNumber(space)
  const group = { group: first, groupSize: 2 }
  line.push(
    writer,
    entryOf(first, document, making(hands.writer, 2), group),
    entryOf(hands.nextNumber(space), document, payload, group),
  )
  if (space === closed) line.say({ kind: 'credit', stream, bytes: 2 ** 30 })
  return true
}
