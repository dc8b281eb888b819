import type { Change, Deleted, Inserted, RegisterChange, Survivor, WriteId } from '../engine.ts'
import { chainsOf } from '../history/chains.ts'
import type { Chain } from '../history/chains.ts'
import { nameOf } from '../history/net.ts'
import { readEntry } from './entries.ts'
import type { Deletion, Entry, Insertion, Operation, RowRoot } from './operations.ts'
import type { Past } from './past.ts'
import type { Element, Row } from './row.ts'
import { listSequence, textSequence } from './sequence.ts'
import type { Sequence } from './sequence.ts'

/** The document around the operations that are told. */
export interface Around {
  /** What stood under a key before them. */
  survivors(key: string): readonly Survivor[]
  /** What there is after them; asked for only if they touch a text or list. */
  past(): Past
}

/**
 * What operations did together, as far as it can be told: the same whether they are those of one transaction or of
 * updates that brought them, in whatever order.
 */
export function changesOf(operations: readonly Operation[], around: Around): readonly Change[] {
  return [
    ...registerChanges(
      operations.filter((each) => each.kind === 'entry'),
      around,
    ),
    ...rowChanges(textSequence, operations, around),
    ...rowChanges(listSequence, operations, around),
    ...(operations.every(isTold) ? [] : [{ root: 'untold' as const }]),
  ]
}

/** Marks, blocks within the text, and whatever lies below or beside our roots have no form here. */
function isTold(operation: Operation): boolean {
  if (operation.kind !== 'insertion') return operation.kind !== 'foreign'
  return (
    operation.root === 'list' || (operation.value !== undefined && textSequence.read(operation.value) !== undefined)
  )
}

function registerChanges(entries: readonly Entry[], around: Around): readonly RegisterChange[] {
  const keys = new Map<string, Key>()
  for (const { id, key, value, replaced } of entries) {
    const known: Key = keys.get(key) ?? { before: around.survivors(key), wrote: new Map(), removed: new Set() }
    keys.set(key, known)
    for (const each of replaced) if (!known.wrote.delete(nameOf(each))) known.removed.add(nameOf(each))
    const entry = readEntry(value, id)
    if (entry !== undefined) known.wrote.set(nameOf(id), entry)
  }
  return [...keys].sort(byKey).flatMap(([key, { before, wrote, removed: names }]): RegisterChange[] => {
    const removed = before.filter((each) => names.has(nameOf(each)))
    if (wrote.size === 0) return removed.length === 0 ? [] : [{ root: 'registers', key, removed }]
    return [...wrote.values()]
      .sort(byId)
      .map((each, i) => ({ root: 'registers', key, wrote: each, removed: i === 0 ? removed : [] }))
  })
}

interface Key {
  readonly before: readonly Survivor[]
  readonly wrote: Map<string, Survivor>
  readonly removed: Set<string>
}

function rowChanges<Root extends RowRoot, Content extends { readonly length: number }>(
  sequence: Sequence<Root, Content>,
  operations: readonly Operation[],
  around: Around,
): readonly (Inserted<Root, Content> | Deleted<Root, Content>)[] {
  const own = operations.filter(
    (each): each is Insertion | Deletion =>
      (each.kind === 'insertion' || each.kind === 'deletion') && each.root === sequence.root,
  )
  if (own.length === 0) return []
  const { made, fresh, gone } = touched(sequence, own, around.past()[sequence.root])
  // What nobody could see before is no neighbour to name: a list of changes is to stand alone where it can.
  const unseen = (element: Element): boolean =>
    (made.has(element) && !fresh.has(element)) ||
    !element.seen ||
    (element.deletedBy !== undefined && !gone.has(element))
  const chains = (told: ReadonlyMap<Element, Content>): readonly Chain<Element>[] =>
    chainsOf(
      [...told.keys()].sort(byId),
      (element) => told.has(element),
      (element) => !told.has(element) && unseen(element),
    )
  return [
    ...chains(fresh).flatMap((chain) => insertedRuns(sequence, chain, fresh)),
    ...chains(gone).flatMap((chain) =>
      runsOf(sequence, chain, gone).map(({ id, content }) => ({ root: sequence.root, delete: content, id })),
    ),
  ]
}

interface Touched<Content> {
  readonly made: ReadonlySet<Element>
  /** Made and still there, with what it holds. */
  readonly fresh: ReadonlyMap<Element, Content>
  /** Deleted by this, and made by what was before. */
  readonly gone: ReadonlyMap<Element, Content>
}

function touched<Content extends { readonly length: number }>(
  sequence: Sequence<RowRoot, Content>,
  operations: readonly (Insertion | Deletion)[],
  row: Row,
): Touched<Content> {
  const made = new Set<Element>()
  const fresh = new Map<Element, Content>()
  const gone = new Map<Element, Content>()
  for (const operation of operations) {
    const element = row.get(operation.kind === 'insertion' ? operation.id : operation.element)
    if (element === undefined) continue
    if (operation.kind === 'insertion') made.add(element)
    const content = element.value === undefined ? undefined : sequence.read(element.value)
    if (content === undefined) continue
    if (operation.kind === 'insertion') {
      if (element.deletedBy === undefined) fresh.set(element, content)
    } else if (!made.has(element) && element.deletedBy !== undefined && isSame(element.deletedBy, operation.id))
      gone.set(element, content)
  }
  return { made, fresh, gone }
}

function insertedRuns<Root extends RowRoot, Content extends { readonly length: number }>(
  sequence: Sequence<Root, Content>,
  chain: Chain<Element>,
  contents: ReadonlyMap<Element, Content>,
): readonly Inserted<Root, Content>[] {
  let after: WriteId | null = chain.before && plainId(chain.before)
  return runsOf(sequence, chain, contents).map(({ id, last, content }) => {
    const follows = after
    after = last
    return { root: sequence.root, insert: content, id, after: follows }
  })
}

interface Run<Content> {
  readonly id: WriteId
  readonly last: WriteId
  readonly content: Content
}

/** What a chain holds, joined where ids count on. A character of two units has one id, so it is a run of its own. */
function runsOf<Content extends { readonly length: number }>(
  sequence: Sequence<RowRoot, Content>,
  { items }: Chain<Element>,
  contents: ReadonlyMap<Element, Content>,
): readonly Run<Content>[] {
  const runs: { readonly id: WriteId; last: WriteId; readonly parts: Content[] }[] = []
  for (const item of items) {
    const part = contents.get(item)
    if (part === undefined) continue
    const run = runs.at(-1)
    const follows = run?.last.client === item.client && run.last.clock + 1 === item.clock
    if (run !== undefined && follows && part.length === 1 && run.parts[0]?.length === 1) {
      run.parts.push(part)
      run.last = plainId(item)
    } else runs.push({ id: plainId(item), last: plainId(item), parts: [part] })
  }
  return runs.map(({ id, last, parts }) => ({ id, last, content: sequence.join(parts) }))
}

const plainId = ({ client, clock }: WriteId): WriteId => ({ client, clock })
const isSame = (a: WriteId, b: WriteId): boolean => a.client === b.client && a.clock === b.clock
const byId = (a: WriteId, b: WriteId): number => a.client - b.client || a.clock - b.clock
const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1)
