import { multiValue } from './multi-value.ts'
import type { Policy } from './policy.ts'

const hour = 3_600_000

export const manual: Policy = {
  ...multiValue,
  name: 'manual',
  about: 'As multi-value, and an hour after having seen that there are several a person picks one at random.',
  settledAfterMs: hour,
}
