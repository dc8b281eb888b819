import type { Json } from '../engine.ts'
import type { PlacesSource } from './existing.ts'

/** Registers of one field for tests: every key with its winner, the stamp 1 if not given. */
export function sourceOf(
  family: string,
  registers: ReadonlyMap<string, Json>,
  misfits: Json[] = [],
  stamps: ReadonlyMap<string, number> = new Map(),
): PlacesSource {
  return {
    family,
    keys: () => registers.keys(),
    winner: (key) => {
      const value = registers.get(key)
      return value === undefined ? undefined : { value, stamp: stamps.get(key) ?? 1 }
    },
    misfit: (value) => misfits.push(value),
  }
}
