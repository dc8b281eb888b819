import {
  documentKey,
  firstGeneration,
  collectionName,
  entityId,
  RejoinError,
  spaceId,
  tenantId,
  userId,
  writerId,
} from '@rejoin/base'
import type { Random } from '@rejoin/base'
import { memory } from '@rejoin/server'
import type { LogRow, LogStore, SpaceCommit } from '@rejoin/server'
import { logStoreLaws } from '@rejoin/server/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { live, textOf } from '../testing/lives.ts'
import type { End } from '../testing/lives.ts'
import { Dice, diceOf } from '../world/dice.ts'
import { journalLog, logFile } from './journal-log.ts'
import type { JournalLogOptions } from './journal-log.ts'
import { VirtualDisk } from './virtual-disk.ts'

logStoreLaws('journal', async () => placeOn({}))
logStoreLaws('journal with pauses, written anew again and again', async () =>
  placeOn({ pause: () => Promise.resolve(), compactBytes: 1, witness: 'synced' }),
)

function placeOn(options: JournalLogOptions) {
  const disk = new VirtualDisk()
  let copy: VirtualDisk | undefined
  return {
    open: (random: Random) => journalLog(disk, options).open(random),
    backup: async () => void (copy = disk.copy([logFile])),
    restore: async () => copy && disk.restore(copy),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const refs = ['home', 'course'].map((space) => ({ tenant: tenantId('acme'), space: spaceId(space) }))
const key = documentKey({
  collection: collectionName('notes'),
  entity: entityId('n1'),
  part: 'shared',
  field: '',
})
const epoch = 'e'.repeat(32)

/** Rows of some bytes in each space, by counting what was made so far. */
interface Work {
  readonly space: number
  readonly rows: number
  readonly bytes: number
  readonly folds: boolean
}
const work: fc.Arbitrary<Work> = fc.record({
  space: fc.nat(1),
  rows: fc.nat(3),
  bytes: fc.constantFrom(0, 20, 1500),
  folds: fc.boolean(),
})

class Model {
  commits: (readonly SpaceCommit[])[] = []
  answered = 0
  #made = 0

  heads(): readonly number[] {
    return refs.map((_, i) => this.commits.flat().findLast(({ ref }) => ref === refs[i])?.record.head ?? 0)
  }

  /** A commit that fits behind those that were made; its number is in every row and record. */
  make({ space, rows, bytes, folds }: Work): readonly SpaceCommit[] {
    const made = ++this.#made
    const heads = this.heads()
    const commits = [space, ...(bytes === 20 ? [1 - space] : [])].map((i): SpaceCommit => {
      const expectHead = heads[i] ?? 0
      const fold = folds && expectHead > 0
      const list = Array.from({ length: rows }, (_, row) => rowOf(expectHead + row + 1, made, bytes))
      const head = expectHead + list.length
      return {
        ref: refs[i] ?? (refs[0] as never),
        expectHead,
        record: { epoch, head, hash: new Uint8Array(16).fill(made), documents: 1, writers: 1 },
        rows: list,
        documents: [
          {
            number: 1,
            key,
            generation: firstGeneration,
            encoding: 'yjs-1',
            foldedTo: 0,
            foldedBytes: 0,
            tailEntries: made,
            tailBytes: 1,
            isolated: false,
          },
        ],
        writers: [
          {
            number: 1,
            writer: writerId('a'.repeat(32)),
            user: userId('ada'),
            logged: true,
            accepted: [1, made + 1],
            refused: [],
          },
        ],
        clientIds: [{ id: made, writer: 1 }],
        refusals: [{ writer: 1, n: made, kind: 'rule', message: 'no' }],
        ...(fold && {
          folds: [{ document: 1, snapshot: { ...rowOf(expectHead, made, bytes), kind: 'snapshot' as const } }],
        }),
      }
    })
    this.commits.push(commits)
    return commits
  }
}

const rowOf = (seq: number, made: number, bytes: number): LogRow => ({
  seq,
  kind: 'update',
  document: 1,
  writer: 1,
  n: made,
  group: 0,
  stamp: made,
  encoding: 'yjs-1',
  bytes: new Uint8Array(bytes).fill(made),
  chain: new Uint8Array(16).fill(made),
})

/** Everything that a log shows, as text. */
async function shown(log: LogStore): Promise<string> {
  const all = { after: 0, upTo: 1e9, wanted: { collections: [], entities: [] }, bytesMax: 1e9, rowsMax: 1e9 }
  const numbers = Array.from({ length: 20 }, (_, i) => i)
  const spaces = refs.map(async (ref) => [
    await log.space(ref),
    await log.page(ref, all),
    await log.documents(ref, [key]),
    await log.writersByNumber(ref, [1]),
    [...(await log.clientIds(ref, numbers))],
    await log.refusals(ref, 1, numbers),
    await Promise.all(numbers.map((seq) => log.hashAt(ref, seq))),
  ])
  return textOf(await Promise.all(spaces))
}

async function shownAfter(commits: readonly (readonly SpaceCommit[])[]): Promise<string> {
  const { log } = await memory().open(new Dice(1))
  for (const spaces of commits) expect((await log.commit({ spaces })).ok).toBe(true)
  return shown(log)
}

/** Checks that a log shows a prefix with all that was answered; the rest never was. */
async function settle(model: Model, log: LogStore): Promise<void> {
  const found = await shown(log)
  const states = await Promise.all(
    Array.from({ length: model.commits.length - model.answered + 1 }, (_, i) =>
      shownAfter(model.commits.slice(0, model.answered + i)),
    ),
  )
  const at = states.indexOf(found)
  expect(at, `${model.answered} answered of ${model.commits.length}`).toBeGreaterThanOrEqual(0)
  model.commits.length = model.answered += at
}

/** One life after another on a disk, each with its end; then a last one. Returns the steps of the last one. */
async function livesOf(ends: readonly End[], works: readonly Work[], options: JournalLogOptions): Promise<number> {
  const disk = new VirtualDisk()
  const model = new Model()
  const keys = new Set<string>()
  let steps = 0
  for (const end of [...ends, { step: 0, what: 'process', seed: 0 } as const]) {
    const taken = await live(disk, end, async (pause) => {
      const { log, key } = await journalLog(disk, { ...options, pause }).open(new Dice(keys.size))
      keys.add(key.join())
      await settle(model, log)
      for (const work of works) {
        const done = await log.commit({ spaces: model.make(work) })
        expect(done.ok).toBe(true)
        model.answered++
      }
      await settle(model, log)
      await log.close()
    })
    steps = taken?.length ?? steps
  }
  expect(keys.size).toBe(1)
  return steps
}

const works = fc.array(work, { minLength: 1, maxLength: 3 })
const what = fc.constantFrom('process' as const, 'power' as const)
const witness = fc.constantFrom('written' as const, 'synced' as const)
const compactBytes = fc.constantFrom(1, 65536)

describe('a journal log', () => {
  test('[SI28] power or process die at every step: what was answered is there, the rest whole or absent, in no new epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        works,
        what,
        fc.nat(),
        witness,
        compactBytes,
        async (works, what, seed, witness, compactBytes) => {
          const steps = await livesOf([], works, { witness, compactBytes })
          for (let step = 1; step <= steps; step++)
            await livesOf([{ step, what, seed: seed + step }], works, { witness, compactBytes })
        },
      ),
      { numRuns: 4 },
    )
  })

  test('[SI28] several ends, in the opening too, one after the other', async () => {
    const end = fc.record({ step: fc.integer({ min: 1, max: 30 }), what, seed: fc.nat() })
    const ends = fc.array(end, { minLength: 2, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(works, ends, witness, compactBytes, async (works, ends, witness, compactBytes) => {
        await livesOf(ends, works, { witness, compactBytes })
      }),
      { numRuns: 60 },
    )
  })

  test('[SI29] what was answered and is lost by a lying disk begins a new epoch, in the spaces that it is lost in', async () => {
    const seen = { lost: 0, kept: 0 }
    for (let seed = 0; seed < 150; seed++) {
      const disk = new VirtualDisk()
      const model = new Model()
      const options = { witness: 'synced', damage: 'cut' } as const
      const { log } = await journalLog(disk, options).open(new Dice(1))
      const heads = [0, 0]
      for (let i = 0; i < 6; i++) {
        // Home is written before and while the disk lies about the log, course only before.
        disk.liesAbout = (file) => i > 2 && file.startsWith(logFile)
        expect(
          (await log.commit({ spaces: model.make({ space: i < 2 ? 1 : 0, rows: 2, bytes: 6, folds: false }) })).ok,
        ).toBe(true)
      }
      disk.crash('power', diceOf(seed))
      disk.liesAbout = undefined
      const again = await journalLog(disk, options).open(new Dice(seed + 2))
      for (const [i, ref] of refs.entries()) heads[i] = (await again.log.space(ref)).head
      const isLost = (heads[0] ?? 0) < 8
      expect([heads[1], (await again.log.space(refs[1] as never)).epoch]).toEqual([4, epoch])
      expect((await again.log.space(refs[0] as never)).epoch === epoch).toBe(!isLost)
      seen[isLost ? 'lost' : 'kept']++
      const lives = (await again.log.space(refs[0] as never)).epoch
      disk.crash('power', diceOf(seed))
      const third = await journalLog(disk, options).open(new Dice(seed + 3))
      expect((await third.log.space(refs[0] as never)).epoch).toBe(lives)
    }
    expect(Math.min(seen.lost, seen.kept)).toBeGreaterThan(3)
  })

  test('[SI29] a log whose middle has rotted is refused, and a key that is none', async () => {
    const disk = new VirtualDisk()
    const model = new Model()
    const { log } = await journalLog(disk).open(new Dice(1))
    for (let i = 0; i < 3; i++)
      await log.commit({ spaces: model.make({ space: 0, rows: 1, bytes: 1500, folds: false }) })
    await log.close()
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const copy = disk.copy()
      copy.rot(diceOf(seed), logFile)
      outcomes.add(
        await journalLog(copy)
          .open(new Dice(2))
          .then(
            async ({ log }) => `head ${(await log.space(refs[0] as never)).head}`,
            (cause: unknown) => (cause instanceof RejoinError ? cause.kind : 'broken'),
          ),
      )
    }
    expect(outcomes).toEqual(new Set(['storage-corrupt', 'head 2', 'head 3']))
    const mount = disk.mount('other')
    await mount.write('token.key', 32, Uint8Array.of(1))
    mount.release()
    await expect(journalLog(disk).open(new Dice(1))).rejects.toMatchObject({ kind: 'storage-corrupt' })
  })

  test('[SI29] a witness that cannot be written fails nothing, and says nothing wrong', async () => {
    const disk = new VirtualDisk()
    const model = new Model()
    let isOpen = false
    let writes = 0
    // Of each commit the second write is the witness's.
    const pause = (step: string): Promise<void> =>
      step === 'write' && writes++ % 2 === 1 ? Promise.reject(new RejoinError('storage-full')) : Promise.resolve()
    const { log } = await journalLog(disk, { pause: (step) => (isOpen ? pause(step) : Promise.resolve()) }).open(
      new Dice(1),
    )
    isOpen = true
    for (let i = 0; i < 3; i++)
      expect((await log.commit({ spaces: model.make({ space: 0, rows: 1, bytes: 1, folds: false }) })).ok).toBe(true)
    expect(writes).toBe(6)
    disk.crash('power', diceOf(1))
    const again = await journalLog(disk).open(new Dice(2))
    expect(await again.log.space(refs[0] as never)).toMatchObject({ head: 3, epoch })
  })
})
