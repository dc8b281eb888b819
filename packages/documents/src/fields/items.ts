import type { Field, Json } from '@rejoin/schema'
import type { DraftRegisters } from '../draft/registers.ts'
import type { Reading } from './kind.ts'

/** Those whose value fits the schema, with the value that the app is to see. */
export function fittingItems<Item extends { readonly value: Json }>(
  field: Field,
  items: readonly Item[],
  misfit: Reading['misfit'],
): Item[] {
  return items.flatMap((item) => {
    const value = field.fit(item.value)
    if (value.ok) return [value.value === item.value ? item : { ...item, value: value.value }]
    misfit(item.value)
    return []
  })
}

/** Removes what says that an item is there, and all that was said of it since. */
export function removeItem({ key }: Field, registers: DraftRegisters, id: string): void {
  for (const one of [`${key}/${id}`, `${key}/${id}/v`, `${key}/${id}/p`]) if (registers.has(one)) registers.remove(one)
}
