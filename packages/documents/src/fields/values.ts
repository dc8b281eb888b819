import { badValue } from '@rejoin/schema'
import type { Field, Json } from '@rejoin/schema'
import type { DraftRegisters, StampedValue } from '../draft-registers.ts'
import { policyOf } from '../policies/policies.ts'
import { fitting } from './kind.ts'
import type { Reading } from './kind.ts'

/** The value of one key as its policy settles it; undefined if none is stored that fits. */
export function settled(
  field: Field,
  registers: DraftRegisters,
  key: string,
  misfit: Reading['misfit'],
): Json | undefined {
  const stored = registers.survivors(key)
  const [only] = stored
  if (only === undefined || stored.length > 1 || field.lens !== undefined) {
    const values = valuesOf(field, registers, key, misfit)
    return values.length === 0 ? undefined : policyOf(field).read(values, field)
  }
  const value = field.fit(only.value)
  if (value.ok) return value.value
  misfit(only.value)
  return undefined
}

/** The concurrent values of one key that fit the schema, oldest first; also those that an older version left elsewhere. */
export function valuesOf(
  field: Field,
  registers: DraftRegisters,
  key: string,
  misfit: Reading['misfit'],
): readonly Json[] {
  const stored = registers.survivors(key)
  const older = field.lens === undefined ? [] : registers.survivors(olderKey(field, key))
  if (lastStamp(older) > lastStamp(stored)) return raised(field, older, misfit)
  return fitting(
    field,
    stored.map(({ value }) => value),
    misfit,
  )
}

/** Writes over what is seen under a key, and leaves for older versions what they can read. */
export function putValue(field: Field, registers: DraftRegisters, key: string, value: Json): void {
  registers.put(key, value)
  if (field.lens?.down !== undefined) registers.put(olderKey(field, key), lowered(field, value))
}

export function removeValue(field: Field, registers: DraftRegisters, key: string): void {
  registers.remove(key)
  if (field.lens !== undefined) registers.remove(olderKey(field, key))
}

const lastStamp = (values: readonly StampedValue[]): number => values.at(-1)?.stamp ?? -1

/** A map's members keep their names under the key that it had. */
const olderKey = ({ key, lens }: Field, one: string): string => `${lens?.from ?? ''}${one.slice(key.length)}`

/** A lens that cannot read what an older version wrote leaves a misfit, never a crash. */
function raised(field: Field, older: readonly StampedValue[], misfit: Reading['misfit']): readonly Json[] {
  const values: Json[] = []
  for (const { value: stored } of older) {
    try {
      const value = field.fit(field.lens?.up(stored) as Json)
      if (value.ok) values.push(value.value)
      else misfit(stored)
    } catch {
      misfit(stored)
    }
  }
  return values
}

function lowered(field: Field, value: Json): Json {
  const { lens } = field
  try {
    return lens?.down?.(value) ?? null
  } catch (cause) {
    throw badValue(field, `its lens could not write it for older versions: ${String(cause)}`)
  }
}
