import { collection, ref, register } from '@rejoin/schema'
import type { WhenGone } from '@rejoin/schema'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { errorOf, replica, updatesOf } from '../replicas.test.helper.ts'
import { withoutGone, withReferences } from './references.ts'
import { string } from '../schemas.test.helper.ts'

const comments = collection('comments', { text: register(string) })
const replies = (whenGone?: WhenGone) =>
  collection('replies', {
    text: register(string),
    to: ref(comments, whenGone === undefined ? {} : { whenGone }),
    pinned: ref('comments', { whenGone: whenGone === 'hide' ? 'clear' : (whenGone ?? 'keep') }).writtenBy('owner'),
  })
const gone = (collection: string, id: string): boolean => collection === 'comments' && id === 'c1'

function shown(whenGone: WhenGone | undefined, to: string): unknown {
  const rule = replies(whenGone)
  const { entity } = replica(1, { collection: rule, user: 'ana' })
  updatesOf(entity.create({ text: 'x', to, pinned: to }))
  const view = withReferences(rule, entity.view(), gone)
  expect(entity.view().to).toBe(to)
  return view && [view.to, view.pinned]
}

describe('references', () => {
  test.each<[WhenGone | undefined, unknown]>([
    [undefined, ['c1', { ana: 'c1' }]],
    ['keep', ['c1', { ana: 'c1' }]],
    ['clear', [undefined, {}]],
    ['hide', undefined],
  ])('[DO132] %s: what a view shows of a reference whose entity was deleted', (whenGone, expected) => {
    expect(shown(whenGone, 'c1')).toEqual(expected)
    // What has not arrived, or is there, is not gone.
    expect(shown(whenGone, 'c2')).toEqual(['c2', { ana: 'c2' }])
  })

  test('[DO132] what refers to nothing is shown under every rule, and a view is never changed', () => {
    for (const whenGone of ['keep', 'clear', 'hide'] as const) {
      const rule = replies(whenGone)
      const { entity } = replica(1, { collection: rule })
      updatesOf(entity.create({ text: 'x' }))
      const view = Object.freeze(entity.view())
      expect(withReferences(rule, view, () => true)).toEqual(view)
      expectTypeOf(view.to).toEqualTypeOf<string | undefined>()
    }
  })

  test('[DO132] a reference is the id of an entity', () => {
    const { entity } = replica(1, { collection: replies() })
    for (const wrong of ['', 5, null, { id: 'c1' }])
      expect(errorOf(() => entity.create({ to: wrong as string }))).toEqual({
        kind: 'bad-value',
        message: 'Field to: A reference is the id of an entity.',
      })
  })

  test('[DO172] who has the entity open sees it in any case, without the ids that are cleared', () => {
    for (const [whenGone, expected] of [
      ['keep', ['c1', { ana: 'c1' }]],
      ['clear', [undefined, {}]],
      ['hide', ['c1', {}]],
    ] as const) {
      const rule = replies(whenGone)
      const { entity } = replica(1, { collection: rule, user: 'ana' })
      updatesOf(entity.create({ text: 'x', to: 'c1', pinned: 'c1' }))
      const view = withoutGone(rule, entity.view(), gone)
      expect([view.to, view.pinned]).toEqual(expected)
      const before = entity.view()
      expect(withoutGone(rule, before, () => false)).toBe(before)
    }
  })
})
