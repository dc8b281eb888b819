import { map as declare } from '@rejoin/schema'
import type { Json, MapDraft, Policy } from '@rejoin/schema'
import { shownAs, subject } from '../subject.ts'
import type { Subject } from '../subject.ts'
import { expectOneOf, maximaOf, notLatest, otherThanKept, otherThanMaxima, putAgain } from './concurrent.ts'
import type { Put } from './concurrent.ts'

interface MemberPut extends Put {
  readonly name: string
}

const names = ['theme', 'size', 'a/b']

/** Each member is a register of its own. */
const mapOf = (policy: Policy<Json>): Subject =>
  subject<MapDraft<Json, Json>, MemberPut>({
    declaration: declare().conflicts(policy),
    verbs: ['set', 'set', 'delete'],
    perform(draft, { verb, a }, fresh) {
      const name = names[a % names.length] ?? ''
      const over = draft.values(name)
      const set = verb === 'delete' ? undefined : fresh()
      if (set === undefined) draft.delete(name)
      else draft.set(name, set)
      return { name, set, over }
    },
    again: putAgain,
    kept: (before, after, deeds, how) =>
      names
        .map((name) => {
          const put = deeds.findLast((deed) => deed.name === name)
          return otherThanKept(Reflect.get(Object(before), name), Reflect.get(Object(after), name), put, how)
        })
        .find((fault) => fault !== undefined),
    fault({ view, draft }, deeds) {
      const shown = Object.entries(view ?? {})
      if (shown.some(([name]) => !names.includes(name))) return `${shownAs(view)} has an unknown member`
      for (const name of names) {
        const maxima = maximaOf(deeds.filter(({ what }) => what.name === name))
        const value: unknown = shown.find(([member]) => member === name)?.[1]
        const wrong =
          (draft && otherThanMaxima(draft.values(name), maxima)) ??
          (maxima.length === 0 ? expectOneOf(value, []) : notLatest(value, maxima))
        if (wrong !== undefined) return `${name}: ${wrong}`
      }
      return undefined
    },
  })

export const map: Subject = mapOf('last-write-wins')
export const manualMap: Subject = mapOf('manual')
