import * as Y from 'yjs'
import { shownJson } from '../content/json.ts'
import { byMarkName, cutRuns, isMarkName } from '../content/marks.ts'
import type { Json, MarkedRun, Marks } from '../engine.ts'

/** Stands for one unit of what foreign software put into a text and is no text, so that indexes stay true. */
const foreign = '\ufffc'

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
    if (changed || runs.length === 0) marks = Object.fromEntries([...current].sort(byMarkName))
    const last = runs.at(-1)
    if (last !== undefined && (!changed || JSON.stringify(last.marks) === JSON.stringify(marks))) last.text += more
    else runs.push({ text: more, marks })
    changed = false
  }
  return length <= max ? runs : cutRuns(runs, max)
}

/** What an item shows in a text. */
export function textOf(item: Y.Item): string {
  if (item.deleted || !item.countable) return ''
  return item.content instanceof Y.ContentString ? item.content.str : foreign.repeat(item.length)
}

/** What begins or ends at a format item, which holds one mark. */
function mark(current: Map<string, Json>, { key, value }: Y.ContentFormat): boolean {
  if (!isMarkName(key)) return false
  const shown = shownJson(value)
  if (shown === undefined || shown === null) return current.delete(key)
  current.set(key, shown)
  return true
}
