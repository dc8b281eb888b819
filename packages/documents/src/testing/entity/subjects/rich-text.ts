import { richText as declare } from '@rejoin/schema'
import type { Json, MarkedRun, Marks, RichTextDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import type { Done } from '../write.ts'
import { characterOf, otherSequence, units } from './sequences.ts'
import type { Splice } from './sequences.ts'

const names = ['bold', 'color', 'size'] as const

/** A splice of characters, or marks for some of them; null takes one off. */
interface Change extends Splice<string> {
  readonly formatted: readonly string[]
  readonly marks: Marks
  /** Whether it says something of marks; characters that take over those beside them do not. */
  readonly puts: boolean
}

/** Characters as in a text; their marks are the last that were put there, as far as these knew of each other. */
export const richText: Subject = subject<RichTextDraft, Change>({
  declaration: declare(),
  verbs: ['type', 'insert', 'mark', 'mark', 'unmark', 'paste', 'delete'],
  perform(draft, { verb, a, b }, fresh) {
    const items = [...draft.toString()]
    const from = a % Math.max(1, items.length)
    const picked = items.slice(from, from + 1 + (b % 4))
    const nothing = { inserted: [], deleted: [], after: items, formatted: [], marks: {}, puts: false }
    const name = names[b % names.length] ?? 'bold'
    const off = Object.fromEntries(names.map((one) => [one, null]))
    if (verb === 'delete') {
      draft.delete(units(items.slice(0, from)), units(picked))
      // What marks a deleted stretch goes with it, and with it the marks of what others type there meanwhile.
      return { ...nothing, deleted: picked, after: items.toSpliced(from, picked.length), marks: off, puts: true }
    }
    if (verb === 'mark' || verb === 'unmark') {
      const marks = { [name]: verb === 'mark' ? fresh() : null }
      draft.format(units(items.slice(0, from)), units(picked), marks)
      return { ...nothing, formatted: picked, marks, puts: true }
    }
    const at = verb === 'type' ? items.length : a % (items.length + 1)
    const inserted = Array.from({ length: 1 + (b % 4) }, () => characterOf(fresh()))
    const marks = verb === 'paste' ? { [name]: fresh() } : undefined
    const before = marksIn(draft.runs()).get(items[at - 1] ?? '') ?? {}
    draft.insert(units(items.slice(0, at)), inserted.join(''), marks)
    const after = items.toSpliced(at, 0, ...inserted)
    return {
      ...nothing,
      inserted,
      after,
      formatted: inserted,
      marks: { ...off, ...(marks ?? before) },
      puts: verb === 'paste',
    }
  },
  fault({ view }, deeds) {
    const runs = view as readonly MarkedRun[]
    const shown = runs.flatMap(({ text }) => [...text])
    return otherSequence(shown, deeds) ?? otherMarks(marksIn(runs), deeds)
  },
  seed: {
    initial: 'abc',
    deed: { inserted: ['a', 'b', 'c'], deleted: [], after: ['a', 'b', 'c'], formatted: [], marks: {}, puts: false },
  },
})

const marksIn = (runs: readonly MarkedRun[]): ReadonlyMap<string, Marks> =>
  new Map(runs.flatMap(({ text, marks }) => [...text].map((character) => [character, marks])))

/** Of a name, if all who put marks of it knew of each other, so that there is a last one. */
function otherMarks(shown: ReadonlyMap<string, Marks>, deeds: readonly Done<Change>[]): string | undefined {
  for (const name of names) {
    const puts = deeds.filter(({ what }) => Object.hasOwn(what.marks, name))
    const isKnown = (value: Json | undefined): boolean => puts.some(({ what }) => what.marks[name] === value)
    for (const [character, marks] of shown)
      if (marks[name] !== undefined && !isKnown(marks[name])) return `nobody put ${shownAs(marks)} on ${character}`
    const rivals = puts.filter(({ what }) => what.puts)
    if (rivals.some((one, i) => rivals.slice(0, i).some((other) => !one.saw(other)))) continue
    for (const [character, marks] of shown) {
      const own = puts.filter(({ what }) => what.formatted.includes(character))
      if (rivals.some((one) => own.some((other) => one !== other && !one.saw(other) && !other.saw(one)))) continue
      const last = own.at(-1)?.what.marks[name] ?? undefined
      if (marks[name] !== last) return `${character} has ${shownAs(marks)}, and its ${name} should be ${shownAs(last)}`
    }
  }
  return undefined
}
