import fc from 'fast-check'
import { expect } from 'vitest'
import { sameBytes } from '../bytes.ts'
import { everyKey } from '../key.ts'
import type { Batch, Range, Row, Scan, Store } from '../store.ts'
import type { StorePlace } from './place.ts'

/** Runs random steps on a store and on a plain map side by side; every answer must be the same. */
export async function agreesWithModel(place: StorePlace): Promise<void> {
  let store = await place.open()
  const run = async (steps: readonly Step[]): Promise<void> => {
    const model = new Map<string, Uint8Array>()
    await store.commit({ removeRange: [everyKey] })
    for (const step of steps) {
      if (step.kind === 'reopen') {
        await store.close()
        store = await place.open()
      } else await compare(store, model, step)
    }
    expect(await store.scan(everyKey)).toEqual(scanModel(model, everyKey))
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 20 }), run), { numRuns: 25 })
  await store.close()
}

type Step =
  | { readonly kind: 'commit'; readonly batch: Batch; readonly holding: readonly string[] }
  | { readonly kind: 'get'; readonly keys: readonly string[] }
  | { readonly kind: 'scan'; readonly scan: Scan }
  | { readonly kind: 'reopen' }

async function compare(
  store: Store,
  model: Map<string, Uint8Array>,
  step: Exclude<Step, { kind: 'reopen' }>,
): Promise<void> {
  switch (step.kind) {
    case 'get':
      expect(await store.get(step.keys)).toEqual(step.keys.map((key) => model.get(key)))
      return
    case 'scan':
      expect(await store.scan(step.scan)).toEqual(scanModel(model, step.scan))
      return
    case 'commit': {
      const met = step.holding.map((key) => [key, model.get(key)] as const)
      const batch = { ...step.batch, expect: [...met, ...(step.batch.expect ?? [])] }
      const conflict = batch.expect.some(([key, value]) => !sameBytes(model.get(key), value))
      const result = await store.commit(batch)
      expect(result.ok ? 'ok' : result.error.kind).toBe(conflict ? 'conflict' : 'ok')
      if (!conflict) applyToModel(model, batch)
    }
  }
}

function applyToModel(model: Map<string, Uint8Array>, batch: Batch): void {
  for (const key of batch.remove ?? []) model.delete(key)
  for (const { from, to } of batch.removeRange ?? [])
    for (const key of [...model.keys()]) if (from <= key && key < to) model.delete(key)
  for (const [key, value] of batch.put ?? []) model.set(key, value)
}

function scanModel(model: ReadonlyMap<string, Uint8Array>, { from, to, limit, reverse }: Scan): readonly Row[] {
  const rows = [...model].filter(([key]) => from <= key && key < to).sort(([a], [b]) => (a < b ? -1 : 1))
  return (reverse === true ? rows.reverse() : rows).slice(0, limit)
}

/** Mostly few keys that collide, and some of any characters. */
const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 5 }) },
)
const bound: fc.Arbitrary<string> = fc.oneof(key, fc.constantFrom('', '\x7f'))
const range: fc.Arbitrary<Range> = fc.record({ from: bound, to: bound })
const value: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 4 })
const batch: fc.Arbitrary<Batch> = fc.record(
  {
    expect: fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 1 }),
    remove: fc.array(key, { maxLength: 3 }),
    removeRange: fc.array(range, { maxLength: 2 }),
    put: fc.array(fc.tuple(key, value), { maxLength: 6 }),
  },
  { requiredKeys: [] },
)
const scan: fc.Arbitrary<Scan> = fc
  .tuple(range, fc.record({ limit: fc.nat({ max: 4 }), reverse: fc.boolean() }, { requiredKeys: [] }))
  .map(([range, options]) => ({ ...range, ...options }))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('commit' as const), batch, holding: fc.array(key, { maxLength: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('get' as const), keys: fc.array(key, { maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('scan' as const), scan }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
)
