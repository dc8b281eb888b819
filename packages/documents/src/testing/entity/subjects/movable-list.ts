import { movableList as declare } from '@rejoin/schema'
import type { Json, MovableListDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import { madeIn, otherOrder, otherThan, unordered } from './places.ts'
import type { PlaceDeed } from './places.ts'

/** Items that are moved at once are in one place; what is deleted stays so. */
export const movableList: Subject = subject<MovableListDraft<Json, Json>, PlaceDeed>({
  declaration: declare(),
  verbs: ['insert', 'insert', 'push', 'move', 'move', 'set', 'delete'],
  perform(draft, { verb, a, b }, fresh) {
    const ids = draft.ids()
    const after = (order: readonly string[]): PlaceDeed['after'] => new Map([[null, order]])
    const id = ids[a % Math.max(1, ids.length)]
    if (verb === 'insert' || verb === 'push') {
      const at = verb === 'push' ? ids.length : a % (ids.length + 1)
      const values = Array.from({ length: 1 + (b % 3) }, fresh)
      const made = draft.insert(at, ...values).map((one, i) => ({ id: one, value: values[i] ?? -1, parent: null }))
      return { kind: 'insert', made, after: after(ids.toSpliced(at, 0, ...made.map((one) => one.id))) }
    }
    if (id === undefined) return undefined
    if (verb === 'set') {
      const value = fresh()
      draft.set(id, value)
      return { kind: 'set', id, value, after: after(ids) }
    }
    if (verb === 'delete') {
      const gone = ids.slice(ids.indexOf(id), ids.indexOf(id) + 1 + (b % 2))
      draft.delete(id, gone.length)
      return { kind: 'delete', ids: gone, after: after(ids.filter((one) => !gone.includes(one))) }
    }
    const to = b % ids.length
    // Where it is already: nothing is written.
    if (ids[to] === id) return undefined
    draft.move(id, to)
    return { kind: 'move', id, parent: null, after: after(ids.filter((one) => one !== id).toSpliced(to, 0, id)) }
  },
  again: unordered,
  fault({ view, draft }, deeds) {
    const values = Array.isArray(view) ? (view as readonly number[]) : []
    const count = madeIn(deeds).length
    if (values.length !== count) return `${shownAs(values)} instead of ${count} items`
    if (draft === undefined) return undefined
    const ids = draft.ids()
    const shown = ids.map((id, i) => ({ id, value: values[i] ?? -1 }))
    return otherThan(shown, deeds) ?? otherOrder([ids], deeds)
  },
})
