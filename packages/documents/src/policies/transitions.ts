import { badValue, canonicalJson } from '@rejoin/schema'
import type { Field, Json } from '@rejoin/schema'
import type { PolicyRules } from './policy.ts'

/**
 * One step at a time, along the declared table. Of concurrent states one that can lead to another gives way to it; of
 * those that are left, also where they lead to each other, the greatest stamp wins.
 */
export const transitions: PolicyRules = {
  writes(seen, value, field) {
    if (seen.length === 0) return true
    const from = shown(seen, field)
    // Written over others that compete with it, it settles them.
    if (textOf(from) === textOf(value)) return seen.some((other) => textOf(other) !== textOf(value))
    const next = tableOf(field).next.get(textOf(from)) ?? []
    if (next.includes(textOf(value))) return true
    const may = next.length === 0 ? `${textOf(from)} is a last state` : `it may become ${next.join(' or ')}`
    throw badValue(field, `${textOf(from)} cannot become ${textOf(value)}; ${may}`)
  },
  read: shown,
  goesBack: false,
}

function shown(values: readonly Json[], field: Field): Json {
  const { reaches } = tableOf(field)
  const leadsTo = (a: Json, b: Json): boolean => reaches.get(textOf(a))?.has(textOf(b)) ?? false
  const left = values.filter((one) => !values.some((other) => leadsTo(one, other) && !leadsTo(other, one)))
  return left.at(-1) as Json
}

interface Table {
  readonly next: ReadonlyMap<string, readonly string[]>
  /** Every state that can be reached in one step or more. */
  readonly reaches: ReadonlyMap<string, ReadonlySet<string>>
}

const tables = new WeakMap<Field, Table>()

function tableOf(field: Field): Table {
  const known = tables.get(field) ?? toTable(field)
  tables.set(field, known)
  return known
}

function toTable({ policy }: Field): Table {
  const declared = typeof policy === 'object' && 'transitions' in policy ? policy.transitions : {}
  const next = new Map(Object.entries(declared).map(([state, following]) => [state, following ?? []]))
  return { next, reaches: new Map([...next.keys()].map((state) => [state, reachable(state, next)])) }
}

function reachable(state: string, next: Table['next']): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [...(next.get(state) ?? [])]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (reached.has(one)) continue
    reached.add(one)
    open.push(...(next.get(one) ?? []))
  }
  return reached
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value))
