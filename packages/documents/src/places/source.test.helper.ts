import type { Json } from '../engine.ts'
import type { PlacesSource } from './existing.ts'

/** Registers of one field for tests: every key with its one survivor, of stamp 1 if no other is given. */
export function sourceOf(
  family: string,
  registers: ReadonlyMap<string, Json>,
  misfits: Json[] = [],
  stamps: ReadonlyMap<string, number> = new Map(),
): PlacesSource {
  return {
    family,
    registers: {
      keysOf: () => registers.keys(),
      survivors: (key) => {
        const value = registers.get(key)
        return value === undefined ? [] : [{ value, stamp: stamps.get(key) ?? 1 }]
      },
    },
    misfit: (value) => misfits.push(value),
  }
}
