import type { Field, Policy } from '@rejoin/schema'
import { max, min } from './extremes.ts'
import { firstWriteWins } from './first-write-wins.ts'
import { lastWriteWins } from './last-write-wins.ts'
import { manual } from './manual.ts'
import { order } from './order.ts'
import type { PolicyRules } from './policy.ts'
import { resolve } from './resolve.ts'
import { transitions } from './transitions.ts'

type Named = Extract<Policy, string> | 'order' | 'transitions' | 'resolve'

const policies: Readonly<Record<Named, PolicyRules>> = {
  'last-write-wins': lastWriteWins,
  manual,
  'first-write-wins': firstWriteWins,
  max,
  min,
  order,
  transitions,
  resolve,
}

/** The rules by which the field's values are settled. */
export const policyOf = ({ policy }: Field): PolicyRules => policies[nameOf(policy)]

function nameOf(policy: Policy): Named {
  if (typeof policy === 'string') return policy
  return 'order' in policy ? 'order' : 'transitions' in policy ? 'transitions' : 'resolve'
}
