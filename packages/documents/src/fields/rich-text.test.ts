import { collection, richText } from '@rejoin/schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replica, updatesOf } from '../replicas.test.helper.ts'

const notes = collection('notes', { body: richText() })

const anyStep = fc.record({
  kind: fc.constantFrom('insert', 'insert', 'delete', 'format', 'read'),
  at: fc.nat(20),
  count: fc.nat(6),
  marks: fc.option(fc.dictionary(fc.constantFrom('bold', 'em'), fc.constantFrom(true, null), { maxKeys: 2 }), {
    nil: undefined,
  }),
})

test('[DO51] what the draft of a rich text shows is what is stored, wherever marks meet', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyStep, { maxLength: 8 }), { maxLength: 4 }), (edits) => {
      const { entity } = replica(1, { collection: notes })
      updatesOf(entity.create({}))
      for (const steps of edits) {
        let shown: unknown
        updatesOf(
          entity.edit('user', ({ body }) => {
            for (const { kind, at, count, marks } of steps) {
              const index = at % (body.length + 1)
              const run = Math.min(count, body.length - index)
              if (kind === 'insert') body.insert(index, 'ab', marks)
              else if (kind === 'delete') body.delete(index, run)
              else if (kind === 'format') body.format(index, run, marks ?? { bold: true })
              else body.runs()
            }
            shown = body.runs()
          }),
        )
        expect(entity.view().body).toEqual(shown)
      }
    }),
    { numRuns: 300 },
  )
})
