import { sqliteStore } from '@rejoin/storage/sqlite'
import { describe, expect, test } from 'vitest'
import { flips, tally, truncations, without } from './damage.ts'
import { inFolderOf, readFiles } from './folders.ts'
import { judgeReplica, judgeReplicaBefore, replicaSample } from './replica-damage.ts'
import { judgeServer, serverSample } from './server-damage.ts'

describe('a damaged replica', async () => {
  const sample = await replicaSample(12)
  const last = sample.states.at(-1) ?? new Map<string, Uint8Array>()
  const file = 'replica.sqlite'
  const log = 'replica.sqlite-wal'

  test('[ST28, ST29] a bit that turned over in the file changes nothing, or is noticed', async () => {
    const { same, said, failures } = await tally(flips(sample.closed, file, 300, 1), judgeReplica(last))
    expect(failures).toEqual([])
    expect(same).toBeGreaterThan(20)
    expect(said).toBeGreaterThan(20)
  })

  test('[ST31] a bit that turned over in the log is noticed, unless it is in the last commit: then that is gone, whole', async () => {
    const { said, failures } = await tally(flips(sample.open, log, 80, 1), judgeReplicaBefore(sample))
    expect(failures).toEqual([])
    expect(said).toBeGreaterThan(60)
  })

  test('[ST31] a refused log is left as it is', async () => {
    const [damage] = flips(sample.open, log, 2, 3)
    await inFolderOf(damage?.files ?? new Map(), async (folder) => {
      for (let round = 0; round < 2; round++)
        await expect(sqliteStore(folder)).rejects.toMatchObject({ kind: 'storage-corrupt' })
      const left = readFiles(folder)
      for (const name of [file, log])
        expect(Buffer.compare(left.get(name) ?? Buffer.of(), damage?.files.get(name) ?? Buffer.of(1))).toBe(0)
    })
  })

  test('[ST4] a log that is cut off, or gone, leaves the store as it was after some batch, whole', async () => {
    const damages = [...truncations(sample.open, log, 40, 1), without(sample.open, log)]
    expect((await tally(damages, judgeReplicaBefore(sample))).failures).toEqual([])
    // The index of the log is no file, while the store has it for itself.
    expect(sample.open.has('replica.sqlite-shm')).toBe(false)
  })

  test('[ST30] a file that is cut off is noticed; with its log even when nothing is left of it', async () => {
    const cut = [...truncations(sample.closed, file, 30, 1)].slice(1)
    expect(await tally(cut, judgeReplica(last))).toMatchObject({ silent: 0, said: cut.length })
    const gone = [...truncations(sample.open, file, 1, 1), without(sample.open, file)]
    expect(await tally(gone, judgeReplica(last))).toMatchObject({ silent: 0, said: 2 })
  })
})

describe('a damaged log of a server', async () => {
  const sample = await serverSample(12)
  const judge = judgeServer(sample.reads)

  test('[SE14, SE19] a bit that turned over in the database changes nothing that is read, or is noticed', async () => {
    const { same, said, failures } = await tally(flips(sample.closed, 'log.sqlite', 200, 1), judge)
    expect(failures).toEqual([])
    expect(same).toBeGreaterThan(20)
    expect(said).toBeGreaterThan(20)
  })

  test('[SE12] a WAL that is damaged, cut off or gone begins a new epoch, and says so', async () => {
    const damages = [
      ...flips(sample.open, 'log.sqlite-wal', 30, 1),
      ...truncations(sample.open, 'log.sqlite-wal', 15, 1),
      without(sample.open, 'log.sqlite-wal'),
    ]
    const { said, failures } = await tally(damages, judge)
    expect(failures).toEqual([])
    expect(said).toBeGreaterThan(30)
  })

  test('[SE12] a database that is cut off, or gone, is noticed', async () => {
    const cut = [...truncations(sample.closed, 'log.sqlite', 15, 1), without(sample.closed, 'log.sqlite')]
    expect(await tally(cut, judge)).toMatchObject({ silent: 0, said: cut.length })
  })

  test('[SE17] a bit that turned over in the witness begins no new epoch', async () => {
    const damages = [...flips(sample.closed, 'witness.log', 20, 1), without(sample.closed, 'witness.log')]
    expect(await tally(damages, judge)).toMatchObject({ same: damages.length })
  })
})
