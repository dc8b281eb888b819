import { isKey, isLowSurrogate } from '@rejoin/schema'
import { RejoinError } from '@rejoin/base'
import * as Y from 'yjs'
import type { Json, MarkedRun, Marks } from '../engine.ts'
import { shownJson, storedJson } from './json.ts'

const nameMax = 64

/** Stands for one unit of what foreign software put into a text and is no text, so that indexes stay true. */
const foreign = '\ufffc'

/** Marks to hand to Yjs. Throws `bad-value` on names and values that do not fit. */
export function storedMarks(marks: Marks): Record<string, Json> {
  const wrong = Object.keys(marks).find((name) => !isName(name))
  if (wrong !== undefined) throw new RejoinError('bad-value', `${JSON.stringify(wrong)} is no name of a mark.`)
  return Object.fromEntries(Object.entries(marks).map(([name, value]) => [name, storedJson(value)]))
}

/** The runs of a text, or those of about its first `max` units. Marks that do not fit are left out. */
export function runsOf(text: Y.Text, max: number = Infinity): readonly MarkedRun[] {
  const runs: { text: string; marks: Marks }[] = []
  const current = new Map<string, Json>()
  let marks: Marks = {}
  let length = 0
  let changed = false
  for (let item = text._start; item !== null && length <= max; item = item.right) {
    if (item.deleted) continue
    const more = textOf(item)
    length += more.length
    if (item.content instanceof Y.ContentFormat) changed = mark(current, item.content) || changed
    if (more === '') continue
    if (changed || runs.length === 0) marks = Object.fromEntries([...current].sort(byName))
    const last = runs.at(-1)
    if (last !== undefined && (!changed || JSON.stringify(last.marks) === JSON.stringify(marks))) last.text += more
    else runs.push({ text: more, marks })
    changed = false
  }
  return length <= max ? runs : cutRuns(runs, max)
}

/** The runs up to about `max` units: the last one alone reaches over it. */
function cutRuns(runs: readonly MarkedRun[], max: number): readonly MarkedRun[] {
  const last = runs.at(-1)
  if (last === undefined) return runs
  const before = runs.slice(0, -1)
  const text = cutText(last.text, max - before.reduce((sum, run) => sum + run.text.length, 0))
  return text === '' ? before : [...before, { ...last, text }]
}

/** What an item shows in a text. */
export function textOf(item: Y.Item): string {
  if (item.deleted || !item.countable) return ''
  return item.content instanceof Y.ContentString ? item.content.str : foreign.repeat(item.length)
}

/** The first `max` units, or one less where that would split a pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  return text.slice(0, isLowSurrogate(text.charCodeAt(max)) ? max - 1 : max)
}

/** What begins or ends at a format item, which holds one mark. */
function mark(current: Map<string, Json>, { key, value }: Y.ContentFormat): boolean {
  if (!isName(key)) return false
  const shown = shownJson(value)
  if (shown === undefined || shown === null) return current.delete(key)
  current.set(key, shown)
  return true
}

const isName = (name: string): boolean => name !== '' && name.length <= nameMax && isKey(name) && name.isWellFormed()

const byName = ([a]: [string, Json], [b]: [string, Json]): number => (a < b ? -1 : 1)
