import { register } from '@rejoin/schema'
import type { Json, RegisterDraft } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import { expectOneOf, unseenOf } from './concurrent.ts'

/** A draft may be reviewed again and again; what is archived stays so. */
const table: Readonly<Record<string, readonly string[]>> = {
  draft: ['review', 'archived'],
  review: ['draft', 'public'],
  public: ['archived', 'hidden'],
  hidden: ['archived'],
}
const states = ['draft', 'review', 'public', 'hidden', 'archived']

interface Step {
  readonly set: string
  /** What was shown to whoever took it. */
  readonly from: string | undefined
}

/** By walking. */
function leads(from: string, to: string, past: readonly string[] = []): boolean {
  const next = table[from] ?? []
  return next.includes(to) || next.some((state) => !past.includes(state) && leads(state, to, [...past, state]))
}

export const transitions: Subject = subject<RegisterDraft<Json, Json>, Step>({
  declaration: register().conflicts({ transitions: table }),
  verbs: ['go'],
  perform(draft, { a }) {
    const from = draft.value === undefined ? undefined : String(draft.value)
    const may = from === undefined ? states : [from, ...(table[from] ?? [])]
    const set = may[a % may.length] ?? ''
    // What everybody shows already need not be written.
    if (draft.values.length > 0 && draft.values.every((value) => value === set)) return undefined
    draft.set(set)
    return { set, from }
  },
  fault({ view }, deeds) {
    const illegal = deeds.find(({ what: { set, from } }) => from !== undefined && from !== set && !leads(from, set))
    if (illegal !== undefined) return `${shownAs(illegal.what)} was written`
    const maxima = unseenOf(deeds)
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
