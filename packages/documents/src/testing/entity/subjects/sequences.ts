import { list as declareList, text as declareText } from '@rejoin/schema'
import type { FieldDeclaration, Json, ListDraft, TextDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject, SubjectRules } from '../subject.ts'
import type { Done } from '../write.ts'

/** What a splice did, and all that its author saw then, in order. */
export interface Splice<Item> {
  readonly inserted: readonly Item[]
  readonly deleted: readonly Item[]
  readonly after: readonly Item[]
}

interface SequenceOptions<Draft, Item> {
  readonly declaration: SubjectRules<Draft, unknown>['declaration'] & FieldDeclaration
  readonly seed: { readonly initial: unknown; readonly items: readonly Item[] }
  make(fresh: number): Item
  /** Of what the view or a draft shows. */
  itemsOf(shown: unknown): readonly Item[]
  read(draft: Draft): readonly Item[]
  insert(draft: Draft, before: readonly Item[], items: readonly Item[]): void
  delete(draft: Draft, before: readonly Item[], items: readonly Item[]): void
}

/**
 * Items that are inserted, each of them only once, and deleted: who was not deleted is there once; and two that anybody
 * has seen in one order are in this order for everybody, ever after.
 */
const sequence = <Draft, Item>(options: SequenceOptions<Draft, Item>): Subject =>
  subject<Draft, Splice<Item>>({
    declaration: options.declaration,
    verbs: ['type', 'insert', 'insert', 'delete'],
    perform(draft, { verb, a, b }, fresh) {
      const items = options.read(draft)
      if (verb === 'delete') {
        const from = a % Math.max(1, items.length)
        const deleted = items.slice(from, from + 1 + (b % 3))
        if (deleted.length > 0) options.delete(draft, items.slice(0, from), deleted)
        return { inserted: [], deleted, after: items.toSpliced(from, deleted.length) }
      }
      const at = verb === 'type' ? items.length : a % (items.length + 1)
      const inserted = Array.from({ length: 1 + (b % 4) }, () => options.make(fresh()))
      options.insert(draft, items.slice(0, at), inserted)
      return { inserted, deleted: [], after: items.toSpliced(at, 0, ...inserted) }
    },
    // A run is put where its place is then, which may be before or behind what came meanwhile.
    again: (what) => ({ ...what, after: what.inserted }),
    kept(before, after, deeds) {
      const own = new Set(deeds.flatMap(({ inserted, deleted }) => [...inserted, ...deleted]))
      const others = (view: unknown): string => shownAs(options.itemsOf(view).filter((item) => !own.has(item)))
      return others(before) === others(after) ? undefined : `${others(after)} instead of ${others(before)}`
    },
    fault: ({ view }, deeds) => otherSequence(options.itemsOf(view), deeds),
    seed: {
      initial: options.seed.initial,
      deed: { inserted: options.seed.items, deleted: [], after: options.seed.items },
    },
  })

export function otherSequence<Item>(shown: readonly Item[], deeds: readonly Done<Splice<Item>>[]): string | undefined {
  const places = new Map(shown.map((item, place) => [item, place]))
  if (places.size < shown.length) return `something stands twice in ${shownAs(shown)}`
  const deleted = new Set(deeds.flatMap(({ what }) => what.deleted))
  const expected = deeds.flatMap(({ what }) => what.inserted).filter((item) => !deleted.has(item))
  const missing = expected.find((item) => !places.has(item))
  if (missing !== undefined) return `${shownAs(missing)} is missing in ${shownAs(shown)}`
  if (expected.length < shown.length) return `something in ${shownAs(shown)} was deleted, or never inserted`
  for (const { what } of deeds) {
    const seen = what.after.flatMap((item) => places.get(item) ?? [])
    if (seen.some((place, i) => place < (seen[i - 1] ?? -1)))
      return `${shownAs(shown)} is in another order than ${shownAs(what.after)}`
  }
  return undefined
}

export const units = (items: readonly string[]): number => items.join('').length

/** Every fifth takes two units. */
export const characterOf = (fresh: number): string => String.fromCodePoint((fresh % 5 === 4 ? 0x20000 : 0x4e00) + fresh)

export const text: Subject = sequence<TextDraft, string>({
  declaration: declareText(),
  seed: { initial: 'abc', items: ['a', 'b', 'c'] },
  make: characterOf,
  itemsOf: (shown) => (typeof shown === 'string' ? [...shown] : []),
  read: (draft) => [...draft.toString()],
  insert: (draft, before, items) => draft.insert(units(before), items.join('')),
  delete: (draft, before, items) => draft.delete(units(before), units(items)),
})

export const list: Subject = sequence<ListDraft<Json, Json>, Json>({
  declaration: declareList(),
  seed: { initial: ['one', 'two'], items: ['one', 'two'] },
  make: (fresh) => fresh,
  itemsOf: (shown) => (Array.isArray(shown) ? (shown as readonly Json[]) : []),
  read: (draft) => draft.values(),
  insert: (draft, before, items) => draft.insert(before.length, ...items),
  delete: (draft, before, items) => draft.delete(before.length, items.length),
})
