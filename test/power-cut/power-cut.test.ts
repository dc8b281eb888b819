import { describe, expect, test } from 'vitest'
import { cutPower } from './power-cut.ts'
import { cannotRecord } from './recorder.ts'
import { countOf, isComplete, replicaRun, serverRun } from './runs.ts'

const reason = cannotRecord()

describe.skipIf(reason !== undefined)(`power cut${reason === undefined ? '' : `: ${reason}`}`, () => {
  test('[ST11] after a cut at any moment a replica has every batch that was answered, and no part of another', async () => {
    const run = replicaRun()
    expect(isComplete(run)).toBe(true)
    expect(countOf(run, 'write', 'replica.sqlite-wal')).toBeGreaterThan(500)
    expect(countOf(run, 'sync', 'replica.sqlite-wal')).toBeGreaterThan(260)
    expect(countOf(run, 'sync', 'replica.sqlite')).toBeGreaterThan(3)
    const report = await cutPower(run.events, { cuts: 100, seed: 1, judge: run.judge })
    expect(report.wrong).toEqual([])
    expect(report.harmed).toBeGreaterThan(50)
  })

  test('a store that does not flush its commits is caught', async () => {
    const run = replicaRun('careless')
    expect(isComplete(run)).toBe(true)
    const { wrong } = await cutPower(run.events, { cuts: 30, seed: 1, judge: run.judge })
    expect(wrong.length).toBeGreaterThan(5)
    expect(wrong.some((one) => /batches were answered, but the store is as it was after/.test(one))).toBe(true)
  })

  test('[SE3, SE15, SE17] after a cut at any moment a log has every commit that was answered, in its epoch, with its key', async () => {
    const run = await serverRun()
    expect(isComplete(run)).toBe(true)
    expect(countOf(run, 'write', 'log.sqlite-wal')).toBeGreaterThan(500)
    expect(countOf(run, 'sync', 'log.sqlite-wal')).toBeGreaterThan(110)
    expect(countOf(run, 'sync', 'log.sqlite')).toBeGreaterThan(3)
    const report = await cutPower(run.events, { cuts: 60, seed: 1, judge: run.judge })
    expect(report.wrong).toEqual([])
    expect(report.harmed).toBeGreaterThan(30)
  })
})
