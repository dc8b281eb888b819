import { defaultLimits, interestIn, interestKey } from '@rejoin/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogRow } from '../log/records.ts'
import { address } from '../testing/peer.ts'
import { keyOf, row } from '../testing/samples.ts'
import { Audience } from './audience.ts'
import { Audiences } from './audiences.ts'
import type { Names } from './range.ts'

const collections = ['notes', 'tasks', 'pages']
const entities = collections.flatMap((name) => ['a', 'b'].map((id) => `${name}/${id}`))

/** A row of each entity, with its names. */
function page(): { readonly rows: readonly LogRow[]; readonly names: Names } {
  const rows = entities.map((_, i) => row(i + 1, { document: i + 1 }))
  const names = new Map(
    rows.map((one, i) => {
      const [collection = '', id = ''] = (entities[i] ?? '').split('/')
      const at = address(id, '', 'shared', collection)
      const document = { slot: i, address: at, generation: { number: 0, id: '' } }
      return [one, { key: keyOf(id, collection), document, author: undefined }]
    }),
  )
  return { rows, names }
}

test('[SE84] each audience is given what it wants, whoever came and went before', () => {
  const { rows, names } = page()
  const wish = fc
    .tuple(fc.subarray(collections), fc.subarray(entities))
    .map(([some, single]) => interestIn(some, single))
  fc.assert(
    fc.property(fc.uniqueArray(wish, { selector: interestKey }), fc.nat(), (interests, leaving) => {
      const audiences = new Audiences()
      const all = interests.map((interest, i) => new Audience(interest, i, defaultLimits))
      for (const audience of all) audiences.add(audience)
      const gone = all[leaving % Math.max(1, all.length)]
      if (gone !== undefined) audiences.delete(gone)
      const wanted = audiences.rowsFor(rows, names)
      for (const audience of all) {
        const own = rows.filter((one) => audience.wants(names.get(one)?.key ?? keyOf('none')))
        expect(wanted.get(audience) ?? []).toEqual(audience === gone ? [] : own)
      }
      expect([...audiences].length).toBe(Math.max(0, all.length - 1))
    }),
  )
})
