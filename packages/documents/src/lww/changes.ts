import type { Change, Survivor, Told, Update } from '../engine.ts'
import { decode } from './decode.ts'
import { isSame, placeOf, textOf } from './parts.ts'
import type { Part, Place, RegisterPart } from './parts.ts'
import type { Policy } from './policy.ts'
import { State } from './state.ts'
import type { Replaced } from './state.ts'

export function changesOfEach(policy: Policy, before: readonly Update[], updates: readonly Update[]): readonly Told[] {
  const state = new State(policy)
  const decoded = [...before, ...updates].map((update) => ({ batch: decode(policy, update), seq: update.seq }))
  const told = decoded.map(({ batch, seq }) => {
    const changes = changesOf(state.take(batch, seq))
    return { changes, whole: !state.pending() && !changes.some(({ root }) => root === 'untold') }
  })
  return told.slice(before.length)
}

/** One value in place of another: of a text or list the whole old one is gone, and the whole new one is there. */
export function changesOf(replaced: readonly Replaced[]): readonly Change[] {
  const places = new Map<Place, { readonly was?: Part; readonly is?: Part }>()
  for (const { before, after } of replaced) {
    for (const was of before) places.set(placeOf(was), { was })
    for (const is of after) places.set(placeOf(is), { ...places.get(placeOf(is)), is })
  }
  return [...places]
    .filter(([, { was, is }]) => was === undefined || is === undefined || !isSame(was, is))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { was, is }]) => [...registerChange(was, is), ...gone(was), ...made(is)])
}

function registerChange(was: Part | undefined, is: Part | undefined): readonly Change[] {
  const key = was?.root === 'registers' ? was.key : is?.root === 'registers' ? is.key : undefined
  if (key === undefined) return []
  const removed = was?.root === 'registers' ? [survivorOf(was)] : []
  return [{ root: 'registers', key, ...(is?.root === 'registers' && { wrote: survivorOf(is) }), removed }]
}

const survivorOf = ({ stamp, value, client, clock }: RegisterPart): Survivor => ({ stamp, value, client, clock })

function gone(part: Part | undefined): readonly Change[] {
  if (part === undefined || part.root === 'registers') return []
  const id = { client: part.client, clock: part.clock }
  if (part.root === 'list') return [{ root: 'list', delete: part.values, id }]
  return [{ root: 'text', delete: textOf(part.runs), id }]
}

function made(part: Part | undefined): readonly Change[] {
  if (part === undefined || part.root === 'registers') return []
  const id = { client: part.client, clock: part.clock }
  if (part.root === 'list') return [{ root: 'list', insert: part.values, id, after: null }]
  const insert: Change = { root: 'text', insert: textOf(part.runs), id, after: null }
  const isPlain = part.runs.every(({ marks }) => Object.keys(marks).length === 0)
  return isPlain ? [insert] : [insert, { root: 'untold' }]
}
