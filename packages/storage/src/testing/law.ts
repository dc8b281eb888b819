import { expect } from 'vitest'
import type { Batch, Row, Store } from '../store.ts'
import type { StorePlace } from './place.ts'

export interface Law {
  readonly title: `[${string}] ${string}`
  /** Each law has a place of its own, with nothing in it. */
  readonly hold: (place: StorePlace) => Promise<void>
}

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** A law that needs one open store. */
export function inStore(use: (store: Store) => Promise<void>): Law['hold'] {
  return async (place) => {
    const store = await place.open()
    await use(store)
    await store.close()
  }
}

export async function put(store: Store, ...rows: readonly Row[]): Promise<void> {
  expect(await store.commit({ put: rows })).toEqual({ ok: true, value: undefined })
}

export const keysOf = async (store: Store, scan: Parameters<Store['scan']>[0]): Promise<readonly string[]> =>
  (await store.scan(scan)).map(([key]) => key)

export async function expectConflict(store: Store, batch: Batch): Promise<void> {
  expect(await store.commit(batch)).toMatchObject({
    ok: false,
    error: { kind: 'conflict', message: expect.any(String) },
  })
}

export async function expectBroken(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'InvariantError' })
}
