import type { Result } from '@rejoin/base'
import { canonicalJson, toJson } from './json.ts'
import type { Json } from './json.ts'

/**
 * What happens to concurrent writes of one value. All but the last three take any JSON.
 *
 * - `last-write-wins`: the greatest hybrid stamp
 * - `manual`: as above until somebody settles it; meanwhile it is listed as a conflict, with all its values
 * - `first-write-wins`: the least stamp; a write over a value that is seen writes nothing
 * - `max`, `min`: the greatest or least value ever written; numbers by size, then texts by code unit, then the rest
 * - `order`: the value that stands last in the list; it never goes back
 * - `transitions`: which state may follow which; a state that another one can lead to gives way to it
 * - `resolve`: a pure function of the concurrent values, oldest first, that gives the same answer on every device
 */
export type Policy<Value = Json> =
  | 'last-write-wins'
  | 'manual'
  | 'first-write-wins'
  | 'max'
  | 'min'
  | { readonly order: readonly Value[] }
  | { readonly transitions: Transitions<Value> }
  | { readonly resolve: (values: readonly Value[]) => Value }

/** From each state to those that may follow it. A state that is missing, or has none, is a last one. */
export type Transitions<Value = Json> = {
  readonly [State in Value & string]?: readonly (Value & string)[]
}

const names: ReadonlySet<unknown> = new Set(['last-write-wins', 'manual', 'first-write-wins', 'max', 'min'])

type Validate = (value: unknown) => Result<Json, string>

/** What is wrong with a policy as an app declares it; undefined if nothing is. */
export function policyFault(policy: unknown, validate: Validate): string | undefined {
  if (names.has(policy)) return undefined
  if (typeof policy !== 'object' || policy === null) return unknownPolicy
  if ('order' in policy) return orderFault(policy.order, validate)
  if ('transitions' in policy) return transitionsFault(policy.transitions, validate)
  if ('resolve' in policy) return typeof policy.resolve === 'function' ? undefined : 'resolve is a function.'
  return unknownPolicy
}

const unknownPolicy =
  "conflicts takes 'last-write-wins', 'manual', 'first-write-wins', 'max', 'min', { order }, { transitions } or { resolve }."

function orderFault(order: unknown, validate: Validate): string | undefined {
  if (!Array.isArray(order) || order.length === 0) return 'order is a list of values, first to last.'
  const fault = valuesFault('order', order, validate)
  if (fault !== undefined) return fault
  const texts = new Set(order.map((value: Json) => canonicalJson(value)))
  return texts.size === order.length ? undefined : 'order has a value twice.'
}

/** A policy weighs what is stored, which is what the schema leaves as it is. */
function valuesFault(what: string, values: readonly unknown[], validate: Validate): string | undefined {
  for (const value of values) {
    const [json, stored] = [toJson(value), validate(value)]
    if (!json.ok) return `${what}: ${json.error}.`
    if (!stored.ok || canonicalJson(stored.value) !== canonicalJson(json.value))
      return `${what} has ${canonicalJson(json.value)}, which its schema does not store${stored.ok ? '' : `: ${stored.error}`}.`
  }
  return undefined
}

function transitionsFault(transitions: unknown, validate: Validate): string | undefined {
  const isTable =
    typeof transitions === 'object' &&
    transitions !== null &&
    Object.values(transitions).every((next) => Array.isArray(next) && next.every((state) => typeof state === 'string'))
  if (!isTable) return 'transitions gives each state the list of those that may follow it.'
  return valuesFault('transitions', [...Object.keys(transitions), ...Object.values(transitions).flat()], validate)
}

/** What the app does to it afterwards changes nothing. */
export function frozenPolicy(policy: Policy): Policy {
  if (typeof policy !== 'object') return policy
  if ('order' in policy) return Object.freeze({ order: Object.freeze([...policy.order]) })
  if ('resolve' in policy) return Object.freeze({ resolve: policy.resolve })
  const table = Object.entries(policy.transitions).map(([state, next]) => [state, Object.freeze([...(next ?? [])])])
  return Object.freeze({ transitions: Object.freeze(Object.fromEntries(table) as Transitions) })
}
