import type { Result } from '@rejoin/base'
import { err } from '@rejoin/base'
import type { Field, Json } from '@rejoin/schema'
import type { StampedValue } from '../draft/registers.ts'
import { policyOf } from '../policies/policies.ts'

interface Standing extends StampedValue {
  /** It stands under the key that the field had, as an older version wrote it. */
  readonly isOlder: boolean
}

/**
 * What counts of the values under a field's key and under the one that it had. A write through the lens leaves under the
 * old key a shadow of the same stamp. So what has none any more was written over there, by an older version that
 * does not know the new key; and what is no shadow is such a version's own. Without `down` there are no shadows, and
 * the greater stamp tells. Where the policy never goes back everything counts.
 */
export function standing(
  field: Field,
  stored: readonly StampedValue[],
  older: readonly StampedValue[],
): readonly Standing[] {
  const apart = older.filter(({ stamp }) => !stored.some((own) => own.stamp === stamp))
  if (!policyOf(field).goesBack) return byStamp(stored, apart)
  const [last, lastApart] = [lastStamp(stored), lastStamp(apart)]
  if (field.lens?.down === undefined) return last >= lastApart ? byStamp(stored, []) : byStamp([], apart)
  const isSeen = ({ stamp }: StampedValue): boolean => stamp < lastApart && !older.some((one) => one.stamp === stamp)
  return byStamp(
    stored.filter((own) => !isSeen(own)),
    apart,
  )
}

/** Through the lens, or why it cannot be read. */
export function fromOlder(field: Field, stored: Json): Result<Json, string> {
  try {
    return field.fit(field.lens?.up(stored) as Json)
  } catch {
    return err('its lens threw')
  }
}

const lastStamp = (values: readonly StampedValue[]): number => values.at(-1)?.stamp ?? -1

const byStamp = (stored: readonly StampedValue[], apart: readonly StampedValue[]): readonly Standing[] =>
  [
    ...stored.map(({ stamp, value }) => ({ stamp, value, isOlder: false })),
    ...apart.map(({ stamp, value }) => ({ stamp, value, isOlder: true })),
  ].sort((a, b) => a.stamp - b.stamp)
