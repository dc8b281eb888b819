import { RejoinError } from '@rejoin/base'
import { everyKey } from '@rejoin/storage'
import type { Batch, Store } from '@rejoin/storage'
import { memoryStore } from '@rejoin/storage/memory'
import { storeLaws } from '@rejoin/storage/testing'
import type { StorePlace } from '@rejoin/storage/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { live, textOf } from '../testing/lives.ts'
import type { End } from '../testing/lives.ts'
import { diceOf } from '../world/dice.ts'
import { journalStore, storeFile } from './journal-store.ts'
import type { JournalStoreOptions } from './journal-store.ts'
import { VirtualDisk } from './virtual-disk.ts'

storeLaws('journal', async () => placeOn({}))
storeLaws('journal with pauses, written anew again and again', async () =>
  placeOn({ pause: () => Promise.resolve(), compactBytes: 1 }),
)

function placeOn(options: JournalStoreOptions): StorePlace {
  const disk = new VirtualDisk()
  return {
    open: () => journalStore(disk, options),
    crash: async () => void disk.crash('process'),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const one = Uint8Array.of(1)
const countOf = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255)

/** Everything that a store shows, as text. */
const shown = async (store: Store): Promise<string> => textOf(await store.scan(everyKey))

/** What a store shows after these batches. */
async function shownAfter(batches: readonly Batch[]): Promise<string> {
  const model = memoryStore()
  for (const batch of batches) await model.commit(batch)
  return shown(model)
}

const key = fc.constantFrom('a', 'b', 'c')
const value = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 400, max: 2000 }).map((length) => new Uint8Array(length).fill(length)) },
)
const batch: fc.Arbitrary<Batch> = fc.record(
  {
    expect: fc.array(fc.tuple(key, fc.constant(undefined)), { maxLength: 1 }),
    remove: fc.array(key, { maxLength: 2 }),
    removeRange: fc.array(fc.constant({ from: 'a', to: 'c' }), { maxLength: 1 }),
    put: fc.array(fc.tuple(key, value), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)
/** Batches that wait for each other, and between them those that do not. */
const waves = fc.array(fc.array(batch, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
const what = fc.constantFrom('process' as const, 'power' as const)

/** The batches of a store over its lives, and how many of them must be there. */
class History {
  batches: Batch[] = []
  answered = 0

  /** Commits the waves; a batch counts its life and its place, so that no two states are the same. */
  async write(store: Store, waves: readonly (readonly Batch[])[]): Promise<void> {
    for (const wave of waves) await Promise.all(wave.map((batch) => this.#commit(store, batch)))
  }

  /** Checks that a store shows a prefix with all that was answered; the rest never was. */
  async settle(store: Store): Promise<void> {
    const states = await Promise.all(
      Array.from({ length: this.batches.length - this.answered + 1 }, (_, i) =>
        shownAfter(this.batches.slice(0, this.answered + i)),
      ),
    )
    const found = states.indexOf(await shown(store))
    expect(found, `${this.answered} answered of ${this.batches.length}`).toBeGreaterThanOrEqual(0)
    this.batches.length = this.answered + found
    this.answered = this.batches.length
  }

  async #commit(store: Store, batch: Batch): Promise<void> {
    this.batches.push({ ...batch, put: [...(batch.put ?? []), ['n', countOf(this.#next++)]] })
    const done = await store.commit(this.batches.at(-1) ?? {})
    if (done.ok || done.error.kind === 'conflict') this.answered++
  }

  #next = 0
}

/** One life after another on a disk, each with its end; then a last one that finds everything. */
async function livesOf(
  ends: readonly End[],
  work: readonly (readonly Batch[])[],
  options: JournalStoreOptions,
): Promise<number> {
  const disk = new VirtualDisk()
  const history = new History()
  let steps = 0
  for (const end of [...ends, { step: 0, what: 'process', seed: 0 } as const]) {
    const taken = await live(disk, end, async (pause) => {
      const store = await journalStore(disk, { ...options, pause })
      await history.settle(store)
      await history.write(store, work)
      await history.settle(store)
      await store.close()
    })
    steps = taken?.length ?? steps
  }
  return steps
}

describe('a journal store', () => {
  test('[SI24] power or process die at every step: what was answered is there, the rest whole or absent, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        waves,
        what,
        fc.nat(),
        fc.constantFrom(1, 3000, 65536),
        async (work, what, seed, compactBytes) => {
          const steps = await livesOf([], work, { compactBytes })
          for (let step = 1; step <= steps; step++)
            await livesOf([{ step, what, seed: seed + step }], work, { compactBytes })
        },
      ),
      { numRuns: 25 },
    )
  })

  test('[SI24] two ends, at every pair of steps', async () => {
    const batch: Batch = { put: [['a', new Uint8Array(600)]] }
    for (const compactBytes of [1, 65536])
      for (const first of ['process', 'power'] as const)
        for (let i = 1; i <= 14; i++)
          for (let j = 1; j <= 14; j++) {
            const ends: readonly End[] = [
              { step: i, what: first, seed: i + j },
              { step: j, what: 'power', seed: i },
            ]
            await livesOf(ends, [[batch], [batch]], { compactBytes })
          }
  })

  test('[SI24] several ends, in the opening too, one after the other', async () => {
    const end = fc.record({ step: fc.integer({ min: 1, max: 14 }), what, seed: fc.nat() })
    await fc.assert(
      fc.asyncProperty(
        waves,
        fc.array(end, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(1, 3000),
        (work, ends, compactBytes) => livesOf(ends, work, { compactBytes }).then(() => undefined),
      ),
      { numRuns: 150 },
    )
  })

  test('[SI24] what waits is written and synced together, and read in its place', async () => {
    const steps: string[] = []
    const disk = new VirtualDisk()
    const store = await journalStore(disk, { pause: (step) => (steps.push(step), Promise.resolve()) })
    steps.length = 0
    await Promise.all([
      store.commit({ put: [['a', one]] }),
      store.commit({ put: [['b', one]] }),
      store.get(['a']),
      store.commit({ put: [['c', one]] }),
    ])
    expect(steps).toEqual(['write', 'sync', 'answer', 'read', 'write', 'sync', 'answer'])
    expect(store.durability).toBe('device')
  })

  test('[SI25] a frame damaged before the last one is said, or everything from it on is gone, and never another state', async () => {
    const batches = Array.from({ length: 5 }, (_, i): Batch => ({
      put: [[`k${i}`, new Uint8Array(700 * i + 1100).fill(i)]],
    }))
    const states = await Promise.all(batches.map((_, i) => shownAfter(batches.slice(0, i))))
    const disk = new VirtualDisk()
    for (const [i, batch] of batches.slice(0, 4).entries()) {
      const store = await journalStore(disk, i === 0 ? { compactBytes: 1 } : {})
      await store.commit(batch)
      await store.close()
    }
    // The journal is a snapshot of the first batch and three frames, of 3, 4, 5 and 7 sectors.
    expect(disk.size(storeFile)).toBe(19 * 512)
    const seen = new Set<string>()
    for (const damage of ['refuse', 'cut'] as const)
      for (let seed = 0; seed < 200; seed++) {
        const copy = disk.copy()
        const offset = copy.rot(diceOf(seed))?.offset ?? 0
        const outcome = await journalStore(copy, { damage }).then(
          async (store) => states.indexOf(await shown(store)),
          (cause: unknown) => (cause instanceof RejoinError ? cause.kind : 'broken'),
        )
        // A bit that fills up a sector is nobody's.
        const before = [3, 7, 12].findIndex((sector) => offset < sector * 512)
        const damaged = [1, 2, 3].map((state) => (damage === 'cut' ? state : 'storage-corrupt'))
        expect([4, before === 0 ? 'storage-corrupt' : before < 0 ? 3 : damaged[before - 1]]).toContain(outcome)
        seen.add(`${damage} ${outcome}`)
      }
    expect(seen).toEqual(
      new Set([
        ...['refuse storage-corrupt', 'refuse 3', 'refuse 4'],
        ...['cut storage-corrupt', 'cut 1', 'cut 2', 'cut 3', 'cut 4'],
      ]),
    )
  })

  test('[SI25] what a lying disk loses is the last of it, whole batches, if damage is cut', async () => {
    const lost = new Set<number>()
    const kinds = new Set<string>()
    for (let seed = 0; seed < 200; seed++)
      for (const damage of ['cut', 'refuse'] as const) {
        const disk = new VirtualDisk()
        const batches = Array.from({ length: 8 }, (_, i): Batch => ({
          put: [
            ['n', countOf(i)],
            [`k${i}`, new Uint8Array(600)],
          ],
        }))
        const store = await journalStore(disk, { compactBytes: seed % 2 === 0 ? 4000 : 40_000 })
        for (const [i, batch] of batches.entries()) {
          disk.liesAbout = () => i > 2
          expect((await store.commit(batch)).ok).toBe(true)
        }
        disk.crash('power', diceOf(seed))
        disk.liesAbout = undefined
        const again = await journalStore(disk, { damage }).catch((cause: unknown) => {
          kinds.add(`${damage} ${cause instanceof RejoinError ? cause.kind : 'broken'}`)
        })
        if (again === undefined) continue
        const [n] = await again.get(['n'])
        const count = (n?.[1] ?? 0) + 1
        expect(count).toBeGreaterThanOrEqual(3)
        expect(await shown(again)).toBe(await shownAfter(batches.slice(0, count)))
        // And what was behind the damage never comes back.
        const next: Batch = {
          put: [
            ['n', countOf(count)],
            ['other', new Uint8Array(600)],
          ],
        }
        await again.commit(next)
        await again.close()
        const third = await journalStore(disk, { damage })
        expect(await shown(third)).toBe(await shownAfter([...batches.slice(0, count), next]))
        lost.add(8 - count)
      }
    expect(lost.size).toBeGreaterThan(3)
    expect(kinds).toEqual(new Set(['refuse storage-corrupt']))
  })

  test('[SI26] at whatever step the disk fails, the commit says so, the store shows what it showed and goes on', async () => {
    const kinds = ['storage-full', 'storage-unavailable'] as const
    let failures = 0
    for (const compactBytes of [1, 65536])
      for (const kind of kinds)
        for (const times of [1, 3])
          for (let nth = 1, isOver = false; !isOver; nth++) {
            const disk = new VirtualDisk()
            const done: Batch[] = []
            // Failed since the last that was not: of one of these the disk may have more than it said.
            let doubts: Batch[] = []
            const taken: string[] = []
            let armed = false
            const pause = (step: string): Promise<void> => {
              if (!armed || step === 'answer' || step === 'read') return Promise.resolve()
              const n = taken.push(step)
              return n >= nth && n < nth + times ? Promise.reject(new RejoinError(kind)) : Promise.resolve()
            }
            const store = await journalStore(disk, { pause, compactBytes })
            armed = true
            for (let i = 0; i < 4; i++) {
              const before = await shown(store)
              const batch: Batch = {
                put: [
                  ['n', countOf(i)],
                  [`k${i}`, new Uint8Array(300 * i)],
                ],
              }
              const result = await store.commit(batch)
              if (result.ok) {
                done.push(batch)
                doubts = []
              } else {
                failures++
                doubts.push(batch)
                expect(result.error.kind).toBe(kind)
                expect(await shown(store)).toBe(before)
              }
            }
            isOver = taken.length < nth
            expect(doubts.length).toBeLessThanOrEqual(times)
            expect(await shown(store)).toBe(await shownAfter(done))
            disk.crash('power', diceOf(nth))
            const again = await journalStore(disk)
            const may = await Promise.all(
              [[], ...doubts.map((batch) => [batch])].map((more) => shownAfter([...done, ...more])),
            )
            expect(may).toContain(await shown(again))
          }
    expect(failures).toBeGreaterThan(40)
  })

  test('[SI26] a failed open leaves the disk to the next one', async () => {
    const disk = new VirtualDisk()
    for (let nth = 1; nth <= 5; nth++) {
      let steps = 0
      const pause = () => (++steps === nth ? Promise.reject(new RejoinError('storage-unavailable')) : Promise.resolve())
      if (nth < 5) disk.wipe()
      await expect(journalStore(disk, { pause }).then((store) => store.close())).rejects.toMatchObject({
        kind: 'storage-unavailable',
      })
    }
    await (await journalStore(disk)).close()
  })

  test('[SI27] the file is written anew as one snapshot when it has grown, and no larger than what is in it allows', async () => {
    const disk = new VirtualDisk()
    let store = await journalStore(disk, { compactBytes: 8192 })
    let largest = 0
    for (let i = 0; i < 200; i++) {
      await store.commit({ put: [[`k${i % 10}`, new Uint8Array(300).fill(i)]] })
      largest = Math.max(largest, disk.size('store'))
    }
    expect(largest).toBeLessThan(3 * 4096 + 8192 + 1024)
    expect(disk.size('store.new')).toBe(0)
    await store.close()
    store = await journalStore(disk)
    expect((await store.scan(everyKey)).map(([, value]) => value[0])).toEqual([
      190, 191, 192, 193, 194, 195, 196, 197, 198, 199,
    ])
  })
})
