import { map as declare } from '@rejoin/schema'
import type { Json, MapDraft, Policy } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import type { Done } from '../write.ts'
import { expectOneOf, maximaOf, notLatest, otherThanMaxima } from './concurrent.ts'
import type { Put } from './concurrent.ts'

interface MemberPut {
  readonly name: string
  readonly put: Put
}

const names = ['theme', 'size', 'a/b']

/** Each member is a register of its own. */
const mapOf = (policy: Policy<Json>): Subject =>
  subject<MapDraft<Json, Json>, MemberPut>({
    declaration: declare().conflicts(policy),
    verbs: ['set', 'set', 'delete'],
    perform(draft, { verb, a }, fresh) {
      const name = names[a % names.length] ?? ''
      if (verb === 'delete') {
        draft.delete(name)
        return { name, put: 'clear' }
      }
      const value = fresh()
      draft.set(name, value)
      return { name, put: { set: value } }
    },
    fault({ view, draft }, deeds) {
      const shown = Object.entries(view ?? {})
      if (shown.some(([name]) => !names.includes(name))) return `${shownAs(view)} has an unknown member`
      for (const name of names) {
        const maxima = maximaOf(membersOf(deeds, name))
        const value: unknown = shown.find(([member]) => member === name)?.[1]
        const wrong =
          (draft && otherThanMaxima(draft.values(name), maxima)) ??
          (maxima.length === 0 ? expectOneOf(value, []) : notLatest(value, maxima))
        if (wrong !== undefined) return `${name}: ${wrong}`
      }
      return undefined
    },
  })

/** What was done to one member. */
const membersOf = (deeds: readonly Done<MemberPut>[], name: string): readonly Done<Put>[] =>
  deeds.filter(({ what }) => what.name === name).map((done) => ({ ...done, what: done.what.put }))

export const map: Subject = mapOf('last-write-wins')
export const manualMap: Subject = mapOf('manual')
