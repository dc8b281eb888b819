import { badValue, reasonOf, toJson } from '@rejoin/schema'
import type { Field, Json } from '@rejoin/schema'
import type { DraftRegisters, StampedValue } from '../draft/registers.ts'
import type { Survivor } from '../engine.ts'
import { policyOf } from '../policies/policies.ts'
import { fitting } from './kind.ts'
import type { Reading } from './kind.ts'
import { fromOlder, standing } from './older.ts'

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
  if (field.lens === undefined) return fitting(field, stored.map(valueOf), misfit)
  const values: Json[] = []
  for (const { value, isOlder } of standing(field, stored, registers.survivors(olderKey(field, key)))) {
    const fits = isOlder ? fromOlder(field, value) : field.fit(value)
    if (fits.ok) values.push(fits.value)
    else misfit(value)
  }
  return values
}

/**
 * Writes over what is seen under a key, and leaves for older versions what they can read. Where the policy never goes
 * back, what does not fit here stays: a newer version may have written it, and it may be what counts.
 */
export function putValue(field: Field, registers: DraftRegisters, key: string, value: Json): void {
  const { goesBack } = policyOf(field)
  const older = field.lens?.down === undefined ? undefined : lowered(field, value)
  if (goesBack) registers.put(key, value)
  else registers.putOver(key, value, (stored) => field.fit(stored.value).ok)
  if (older === undefined) return
  if (goesBack) registers.put(olderKey(field, key), older)
  else registers.putOver(olderKey(field, key), older, (stored) => fromOlder(field, stored.value).ok)
}

/** Writes over just these; what has come since stays, and its shadow. */
export function settleValue(
  field: Field,
  registers: DraftRegisters,
  key: string,
  value: Json,
  over: readonly Survivor[],
): void {
  const older = field.lens?.down === undefined ? undefined : lowered(field, value)
  registers.put(key, value, over)
  if (older !== undefined)
    registers.putOver(olderKey(field, key), older, ({ stamp }) => over.some((one) => one.stamp === stamp))
}

export function removeValue(field: Field, registers: DraftRegisters, key: string): void {
  registers.remove(key)
  if (field.lens !== undefined) registers.remove(olderKey(field, key))
}

const valueOf = ({ value }: StampedValue): Json => value

/** A map's members keep their names under the key that it had. */
const olderKey = ({ key, lens }: Field, one: string): string => `${lens?.from ?? ''}${one.slice(key.length)}`

function lowered(field: Field, value: Json): Json {
  const older = down(field, value)
  if (older.ok) return older.value
  throw badValue(field, `what its lens gives for older versions cannot be stored: ${older.error}`)
}

function down(field: Field, value: Json): ReturnType<typeof toJson> {
  try {
    return toJson(field.lens?.down?.(value))
  } catch (cause) {
    throw badValue(field, `its lens could not write it for older versions: ${reasonOf(cause)}`)
  }
}
