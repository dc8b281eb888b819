import { register } from '@rejoin/schema'
import type { Json, RegisterDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import { expectOneOf, maximaOf, putAgain } from './concurrent.ts'
import type { Put } from './concurrent.ts'

const length = 24

/** A ladder: from every other step one may go back, or aside, from where two steps further on. */
const table: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Array.from({ length }, (_, i) => [
    [`${i}`, i % 2 === 0 ? [`${i + 1}`] : [`${i - 1}`, `${i + 1}`, `${i} aside`]],
    [`${i} aside`, [`${i + 3}`]],
  ]).flat(),
)

interface Step extends Put {
  readonly set: string
  /** What was shown to whoever took it. */
  readonly from: string | undefined
}

/** By walking. */
function leads(from: string, to: string, past = new Set<string>()): boolean {
  const next = (table[from] ?? []).filter((state) => !past.has(state))
  for (const state of next) past.add(state)
  return next.includes(to) || next.some((state) => leads(state, to, past))
}

export const transitions: Subject = subject<RegisterDraft<Json, Json>, Step>({
  declaration: register().conflicts({ transitions: table }),
  verbs: ['go'],
  stays: true,
  perform(draft, { a }) {
    const from = draft.value === undefined ? undefined : String(draft.value)
    const may = from === undefined ? ['0', '1', '2'] : [...(table[from] ?? []), from]
    const set = may[a % may.length] ?? ''
    // What everybody shows already need not be written.
    if (draft.values.length > 0 && draft.values.every((value) => value === set)) return undefined
    const over = draft.values
    draft.set(set)
    return { set, from, over }
  },
  again: putAgain,
  fault({ view }, deeds) {
    const illegal = deeds.find(
      ({ what: { set, from } }) => from !== undefined && from !== set && table[from]?.includes(set) !== true,
    )
    if (illegal !== undefined) return `${shownAs(illegal.what)} was written`
    const maxima = maximaOf(deeds)
    const left = maxima.filter(
      ({ what: one }) => !maxima.some(({ what: other }) => leads(one.set, other.set) && !leads(other.set, one.set)),
    )
    const latest = Math.max(...left.map(({ write }) => write.stamp))
    return expectOneOf(
      view,
      left.filter(({ write }) => write.stamp === latest).map(({ what }) => what.set),
    )
  },
})
