import type { FieldKind } from '@rejoin/schema'
import { users } from './replica.ts'
import type { Replica } from './replica.ts'
import { documentIn } from './scope.ts'
import type { Scope, ScopedField } from './scope.ts'
import type { Splice } from './subjects/sequences.ts'
import { deedsOf, nameOf } from './write.ts'
import type { Done } from './write.ts'

/** In what engines may differ: in the order of what several insert, in which equal stamp wins, in concurrent marks. */
export type Difference = 'order' | 'stamp' | 'mark'

/** How two replicas that did the same, on different engines, differ; undefined if they do not. Throws if they may not. */
export function otherwise(scope: Scope, one: Replica, other: Replica): Difference | undefined {
  const views = [one.entity.view(), other.entity.view()] as const
  for (const field of scope.fields.values()) {
    const [shown, otherShown] = views.map((view: object) => Reflect.get(view, field.name) as unknown)
    if (said(shown) === said(otherShown)) continue
    const owners = field.writer === 'owner' ? users : users.slice(0, 1)
    const found = owners.flatMap((user) => {
      const of = (all: unknown): unknown => (field.writer === 'owner' ? ofUser(all, user) : all)
      const document = nameOf(documentIn(scope, field, user))
      return (
        differenceOf(field, document, { replica: one, shown: of(shown) }, { replica: other, shown: of(otherShown) }) ??
        []
      )
    })
    if (found[0] !== undefined) return found[0]
  }
  expectEqual('life', one.entity.life(), other.entity.life())
  expectEqual('conflicts', shownConflicts(one), shownConflicts(other))
  return undefined
}

/** A field as one engine shows it. */
interface Side {
  readonly replica: Replica
  readonly shown: unknown
}

function differenceOf(
  { name, subject }: ScopedField,
  document: string,
  one: Side,
  other: Side,
): Difference | undefined {
  if (said(one.shown) === said(other.shown)) return undefined
  const deedsBy = ({ replica }: Side): readonly Done<unknown>[] =>
    deedsOf(replica.knows.get(document) ?? [], document, name)
  for (const side of [one, other]) {
    const fault = subject.fault({ view: side.shown, draft: undefined }, deedsBy(side))
    if (fault !== undefined) throw new Error(`${name}: ${fault}`)
  }
  const found = allowed(subject.declaration.kind, one.shown, other.shown, deedsBy(one))
  if (found !== undefined) return found
  throw new Error(`${name}: ${said(one.shown)} with one engine, ${said(other.shown)} with the other`)
}

function allowed(
  kind: FieldKind,
  one: unknown,
  other: unknown,
  deeds: readonly Done<unknown>[],
): Difference | undefined {
  const unseen = pairs(deeds).filter(([a, b]) => isUnseen(a, b))
  if (kind !== 'text' && kind !== 'list' && kind !== 'richText')
    return unseen.some(([a, b]) => a.write.stamp === b.write.stamp) ? 'stamp' : undefined
  const [items, others] = [itemsOf(one), itemsOf(other)]
  if (items.length !== others.length || !items.every((item) => others.includes(item))) return undefined
  if (said(items) === said(others)) return unseen.length > 0 ? 'mark' : undefined
  return onlyUnseenMoved(items, others, deeds as readonly Done<Splice<unknown>>[]) ? 'order' : undefined
}

/** Whether two stand in another order only where those who inserted them did not know of each other. */
function onlyUnseenMoved(
  items: readonly unknown[],
  others: readonly unknown[],
  deeds: readonly Done<Splice<unknown>>[],
): boolean {
  const places = new Map(others.map((item, place) => [item, place]))
  const deedOf = new Map(deeds.flatMap((deed) => deed.what.inserted.map((item) => [item, deed] as const)))
  return pairs(items).every(([a, b]) => {
    if ((places.get(a) ?? 0) < (places.get(b) ?? 0)) return true
    const [one, other] = [deedOf.get(a), deedOf.get(b)]
    return one !== undefined && other !== undefined && isUnseen(one, other)
  })
}

/** Without the ids of items and nodes, which an engine's clock counts. */
const said = (shown: unknown): string =>
  JSON.stringify(shown, (key, value: unknown) => (key === 'id' ? undefined : value)) ?? 'nothing'

const ofUser = (all: unknown, user: string): unknown =>
  typeof all === 'object' && all !== null ? Reflect.get(all, user) : undefined

/** The characters of a text with or without marks, the values of a list. */
function itemsOf(shown: unknown): readonly unknown[] {
  if (typeof shown === 'string') return [...shown]
  return Array.isArray(shown) ? shown.flatMap((each: unknown) => (isRun(each) ? [...each.text] : [each])) : []
}

const isRun = (each: unknown): each is { readonly text: string } =>
  typeof each === 'object' && each !== null && 'text' in each && typeof each.text === 'string'

const isUnseen = (one: Done<unknown>, other: Done<unknown>): boolean => !one.saw(other) && !other.saw(one)

/** Each with each that stands behind it. */
const pairs = <T>(items: readonly T[]): readonly (readonly [T, T])[] =>
  items.flatMap((one, i) => items.slice(i + 1).map((other) => [one, other] as const))

const shownConflicts = ({ entity }: Replica): string =>
  said(
    entity
      .conflicts()
      .map(({ part, field, member, values }) => [part, field, member, values.map(({ value }) => value)]),
  )

function expectEqual(what: string, one: unknown, other: unknown): void {
  if (one !== other) throw new Error(`${what}: ${String(one)} with one engine, ${String(other)} with the other`)
}
