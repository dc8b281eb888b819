import { RejoinError } from '@rejoin/base'
import { isKey } from '@rejoin/schema'
import type { Json, MarkedRun, Marks } from '../engine.ts'
import { freezeJson, storedJson } from '../yjs/json.ts'
import { parseJson } from './entries.ts'
import type { RawHandle } from './library.ts'

/** Marks by name, their values as JSON text; null takes a mark off. */
export type StoredMarks = ReadonlyMap<string, string | null>

type Span = ReturnType<RawHandle['spans']>[number]

const nameMax = 64

/** Stands for one unit of what foreign software put into a text and is no text, so that indexes stay true. */
const foreign = '\ufffc'

/** Throws `bad-value` on names and values that do not fit. */
export function storedMarks(marks: Marks): StoredMarks {
  const wrong = Object.keys(marks).find((name) => !isName(name))
  if (wrong !== undefined) throw new RejoinError('bad-value', `${JSON.stringify(wrong)} is no name of a mark.`)
  return new Map(
    Object.entries(marks).map(([name, value]) => [name, value === null ? null : JSON.stringify(storedJson(value))]),
  )
}

/** The runs of a text: neighbours with equal marks are one, names are sorted, marks that do not fit are left out. */
export function runsOf(spans: readonly Span[]): readonly MarkedRun[] {
  const runs: { text: string; marks: Marks }[] = []
  let before: string | undefined
  for (const span of spans) {
    const marks = span.type === 'text' ? shownMarks(span.marks) : {}
    const text = span.type === 'text' ? span.value : foreign
    const name = JSON.stringify(marks)
    const last = runs.at(-1)
    if (last !== undefined && name === before) last.text += text
    else runs.push({ text, marks })
    before = name
  }
  return runs
}

function shownMarks(marks: Readonly<Record<string, unknown>> | undefined): Marks {
  if (marks === undefined) return {}
  const shown: [string, Json][] = []
  for (const [name, stored] of Object.entries(marks)) {
    const value = parseJson(stored)
    if (isName(name) && value !== null && freezeJson(value)) shown.push([name, value])
  }
  return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isName = (name: string): boolean => name !== '' && name.length <= nameMax && isKey(name) && name.isWellFormed()
