import { nameOf } from './app.ts'
import type { Page, Place } from './app.ts'
import { judgeLog } from './judge-log.ts'
import type { EntryId, Logged } from './judge-log.ts'
import { judgePage } from './judge-page.ts'
import type { Marked } from './ledger.ts'
import type { Fate } from './replica.ts'
import { sentence } from './sentence.ts'

/** One edit as its maker noted it, and how it ended by its receipt. */
export interface Edit {
  readonly mark: string
  readonly by: string
  readonly place: Place
  readonly fields: readonly Marked[]
  /** The maker was told that its device has it, or that the server has it. */
  readonly device: boolean
  readonly stored: boolean
  /** `lost`: the maker was killed before it had noted the receipt. */
  readonly fate: Fate | 'lost'
  /** A receipt that is in quarantine can be seen there. */
  readonly quarantined: boolean
}

/** What the server was told to write in its own part, and whether it was told that it is written. */
export interface Grade {
  readonly place: Place
  readonly grade: number
  readonly isStored: boolean
}

/** A replica at the end. */
export interface Found {
  readonly name: string
  /** It came level before the time was over. */
  readonly isLevel: boolean
  readonly pending: number
  /** By name. */
  readonly entities: Readonly<Record<string, { readonly page: Page; readonly hash: string }>>
}

/** Everything that is known of a round at its end: plain data. */
export interface Outcome {
  readonly edits: readonly Edit[]
  readonly grades: readonly Grade[]
  /** Entries that a replica was told the server has. */
  readonly acked: readonly EntryId[]
  readonly logs: readonly Logged[]
  readonly replicas: readonly Found[]
  /** Sentences on what went wrong on the way. */
  readonly onTheWay: readonly string[]
}

/**
 * Every broken promise, a sentence each. Works on marks, numbers and hashes alone, and shares no code with what it
 * judges.
 */
export function judge(outcome: Outcome): readonly string[] {
  const { edits, grades, acked, logs, replicas, onTheWay } = outcome
  return [
    ...onTheWay,
    ...judgeLog(acked, logs),
    ...replicas.flatMap(judgeLevel),
    ...judgeHashes(replicas),
    ...together(replicas).flatMap((found) => [
      ...judgeEdits(found, edits),
      ...judgePages(found, edits),
      ...judgeGrades(found, grades),
    ]),
  ]
}

/** Replicas that show the same are judged as one, so that what all have wrong is said once. */
function together(replicas: readonly Found[]): Found[] {
  const groups = new Map<string, Found[]>()
  for (const found of replicas) {
    const shown = JSON.stringify(Object.entries(found.entities).sort(([a], [b]) => (a < b ? -1 : 1)))
    groups.set(shown, [...(groups.get(shown) ?? []), found])
  }
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((found) => ({ ...found, name: group.map(({ name }) => name).join('+') })),
  )
}

const judgeLevel = ({ name, isLevel, pending }: Found): string[] => {
  if (!isLevel) return [`In time ${name} did not come level.`]
  return pending > 0 ? [`The outbox of ${name} is not empty: ${pending} writes wait.`] : []
}

function judgeHashes(replicas: readonly Found[]): string[] {
  const names = new Set(replicas.flatMap(({ entities }) => Object.keys(entities)))
  const unequal = [...names].filter(
    (name) => new Set(replicas.map(({ entities }) => entities[name]?.hash ?? 'nothing')).size > 1,
  )
  return sentence(unequal, (count) => `The replicas differ in the canonical hashes of ${count} entities`)
}

function judgeEdits({ name, entities }: Found, edits: readonly Edit[]): string[] {
  const shown = new Set(
    Object.entries(entities).flatMap(([place, { page }]) => page.marks.map((mark) => `${place} ${String(mark)}`)),
  )
  const isShown = ({ place, mark }: Edit): boolean => shown.has(`${nameOf(place)} ${mark}`)
  const marksOf = (isWrong: (edit: Edit) => boolean): string[] => edits.filter(isWrong).map(({ mark }) => mark)
  return [
    ...sentence(
      marksOf((edit) => (edit.stored || edit.fate === 'stored') && !isShown(edit)),
      (count) => `Of the edits that were stored ${name} does not show ${count}`,
    ),
    ...sentence(
      marksOf((edit) => edit.device && !edit.stored && edit.fate !== 'stored' && !isRejected(edit) && !isShown(edit)),
      (count) => `Of the edits that were on a device and not refused ${name} does not show ${count}`,
    ),
    ...sentence(
      marksOf((edit) => isShown(edit) && edit.fate !== 'stored' && edit.fate !== 'lost'),
      (count) => `The receipts of ${count} edits that ${name} shows do not say that they are stored`,
    ),
  ]
}

/** Refused, and for everybody to see. */
const isRejected = ({ fate, quarantined }: Edit): boolean => fate === 'rejected' && quarantined

function judgePages({ name, entities }: Found, edits: readonly Edit[]): string[] {
  const made = new Map<string, Edit[]>()
  for (const edit of edits) {
    const there = made.get(nameOf(edit.place)) ?? []
    made.set(nameOf(edit.place), there)
    there.push(edit)
  }
  return Object.entries(entities).flatMap(([place, { page }]) =>
    judgePage(`${name} in ${place}`, page, made.get(place) ?? []),
  )
}

/** The last grade that was stored is shown, or a later one whose answer was lost. Grades only grow. */
function judgeGrades({ name, entities }: Found, grades: readonly Grade[]): string[] {
  const wrong = Object.entries(entities).flatMap(([place, { page }]) => {
    const here = grades.filter((grade) => nameOf(grade.place) === place)
    const last = here.findLastIndex(({ isStored }) => isStored)
    const allowed: unknown[] = here.slice(Math.max(0, last)).map(({ grade }) => grade)
    if (last === -1) allowed.push(undefined)
    return allowed.includes(page.grade) ? [] : [`${place}: ${String(page.grade)}`]
  })
  return sentence(wrong, (count) => `Of the grades ${name} shows ${count} that are not the last stored`)
}
