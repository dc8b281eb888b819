import type { EntityHandle, Receipt, Rejoin } from '@rejoin/client'
import type { Draft } from '@rejoin/schema'
import { fillers, quoted } from './app.ts'
import type { collections, Page, Place } from './app.ts'
import type { Dice } from './dice.ts'
import type { Marked } from './ledger.ts'

export type Replica = Rejoin<typeof collections>
type Notes = (typeof collections)['notes']
type Tasks = (typeof collections)['tasks']

/** An entity held open, of whichever kind. */
export interface Opened {
  readonly place: Place
  /** Leaves the mark in the entity's set of marks, in its counter, and in these fields. */
  write(mark: string, fields: readonly Marked[], dice: Dice): Receipt
  page(): Page
  hash(): string
  close(): Promise<void>
}

export async function openPlace(replica: Replica, place: Place): Promise<Opened | undefined> {
  const { space, kind, id } = place
  if (kind === 'notes') {
    const handle = await replica.notes.open(id, { space })
    return handle && note(handle, place)
  }
  const handle = await replica.tasks.open(id, { space })
  return handle && task(handle, place)
}

export async function createPlace(replica: Replica, place: Place): Promise<Opened> {
  const { space, kind, id } = place
  if (kind === 'notes')
    return note(await replica.notes.create({ title: 'new', body: 'lorem ', tags: ['a'] }, { space, id }), place)
  return task(await replica.tasks.create({ title: 'new' }, { space, id }), place)
}

/** Which fields an edit of such an entity touches besides the set and the counter. */
export function drawFields({ kind }: Place, dice: Dice): readonly Marked[] {
  const fields: Marked[] = []
  if (kind === 'notes' && dice.chance(0.6)) fields.push('body')
  if (kind === 'notes' && dice.chance(0.3)) fields.push('steps')
  return fields
}

const note = (handle: EntityHandle<Notes>, place: Place): Opened => ({
  ...seen(handle, place),
  write: (mark, fields, dice) =>
    handle.edit((draft) => {
      writeRegisters(draft, mark, dice)
      if (fields.includes('body')) type(draft, mark, dice)
      if (fields.includes('steps')) step(draft, mark, dice)
    }),
})

const task = (handle: EntityHandle<Tasks>, place: Place): Opened => ({
  ...seen(handle, place),
  write: (mark, _fields, dice) => handle.edit((draft) => writeRegisters(draft, mark, dice)),
})

const seen = (
  handle: { view(): Page; hash(): string; close(): Promise<void> },
  place: Place,
): Omit<Opened, 'write'> => ({
  place,
  page: () => handle.view(),
  hash: () => handle.hash(),
  close: () => handle.close(),
})

function writeRegisters(draft: Draft<Tasks>, mark: string, dice: Dice): void {
  draft.marks.add(mark)
  draft.count.add(1)
  if (dice.chance(0.5)) draft.title.set(`title ${mark}`)
  const tag = dice.pick(['a', 'b', 'c', 'd'])
  const chance = dice.next()
  if (chance < 0.2) draft.tags.add(tag)
  else if (chance < 0.4) draft.tags.delete(tag)
}

/** A mark goes behind another one or to an end, never into one; only fillers are ever deleted. */
function type({ body }: Draft<Notes>, mark: string, dice: Dice): void {
  const text = body.toString()
  const at = dice.chance(0.3) ? text.length : text.indexOf(']', dice.below(text.length + 1)) + 1
  const length = dice.chance(0.02) ? 200 : 1
  body.insert(at, quoted(mark) + (dice.chance(0.4) ? 'lorem ipsum '.repeat(length) : ''))
  const from = dice.below(at + 1)
  const filler = text.slice(from, Math.min(at, from + dice.below(10)))
  if (filler.length > 0 && fillers.test(filler)) body.delete(from, filler.length)
}

function step({ steps }: Draft<Notes>, mark: string, dice: Dice): void {
  steps.insert(dice.below(steps.length + 1), mark)
  if (dice.chance(0.4)) steps.push(dice.below(1000))
  const at = dice.below(steps.length)
  if (typeof steps.get(at) === 'number') steps.delete(at, 1)
}
