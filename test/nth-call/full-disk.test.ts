import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@rejoin/server'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createWorld, World } from '../client/world.ts'
import { inFolder } from './folder.ts'

const place = mkdtempSync(join(tmpdir(), 'rejoin-full-'))
const ballast = join(place, 'ballast')

function isMounted(): boolean {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

let mounted = false
beforeAll(() => void (mounted = isMounted()))
afterAll(() => {
  if (mounted) execFileSync('/bin/umount', ['--lazy', place], { stdio: 'ignore' })
  rmSync(place, { recursive: true, force: true })
})

/** Takes what is left of the device. */
function fill(): void {
  for (const size of [16_384, 1_024, 1]) {
    try {
      for (;;) appendFileSync(ballast, new Uint8Array(size))
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw cause
    }
  }
}

/** Longer than what SQLite has room for in pages that it holds already. */
const long = 'x'.repeat(60_000)

describe('a device that fills up', () => {
  beforeEach(({ skip }) => skip(!mounted, 'Only root may mount a small device; the limit of a file stands in for it.'))

  test('[CL80] under a replica: writes stay in memory, and are stored once there is room', async () => {
    const world = await createWorld()
    const ana = await world.open({ store: await sqliteStore(join(place, 'replica.sqlite')) })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.level(ana)
    fill()
    const receipts = [1, 2, 3].map(() => note.edit((n) => n.body.insert(0, long)))
    await world.time.pass(5_000)
    expect(receipts.map(({ state }) => state)).toEqual(['memory', 'memory', 'memory'])
    expect(ana.status.now).toMatchObject({ storage: 'failing', synced: false, pending: 3 })
    await expect(world.time.of(ana.flushed())).rejects.toMatchObject({ kind: 'storage-full' })
    rmSync(ballast)
    await world.level(ana)
    expect(receipts.map(({ state }) => state)).toEqual(['stored', 'stored', 'stored'])
    await world.time.of(ana.close())
    const again = await world.open({ store: await sqliteStore(join(place, 'replica.sqlite')) })
    expect((await world.time.of(again.notes.open(note.id)))?.view().body).toHaveLength(3 * long.length)
    await world.time.of(again.close())
    for (const end of ['', '-wal', '-shm']) rmSync(join(place, `replica.sqlite${end}`), { force: true })
  })

  test('[SE42] under a server: nothing is acknowledged, and everything is stored once there is room', async () => {
    const world = new World()
    world.serverOptions = { store: sqlite(join(place, 'server')) }
    await world.start()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.level(ana)
    fill()
    const receipts = [1, 2, 3].map(() => note.edit((n) => n.body.insert(0, long)))
    await world.time.pass(5_000)
    expect(receipts.map(({ state }) => state)).toEqual(['device', 'device', 'device'])
    expect(ana.status.now).toMatchObject({ synced: false, pending: 3 })
    rmSync(ballast)
    await world.level(ana)
    expect(receipts.map(({ state }) => state)).toEqual(['stored', 'stored', 'stored'])
    await world.stop()
    world.cut()
    await world.start()
    const bob = await world.open()
    await world.level(ana, bob)
    expect((await world.time.of(bob.notes.open(note.id)))?.view().body).toHaveLength(3 * long.length)
    await world.stop()
  })
})

test('[CL81] a file that may not grow: what is on disk stays, and the rest is said to be lost', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'replica.sqlite')
    const world = await createWorld()
    const ana = await world.open({ store: await sqliteStore(file, { fileBytesMax: 200_000 }), offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const receipts = []
    for (let i = 0; i < 8; i++) {
      receipts.push(note.edit((n) => n.body.insert(0, long)))
      await world.time.pass(100)
    }
    const kept = receipts.filter(({ state }) => state === 'device').length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(8)
    expect(ana.status.now.storage).toBe('failing')
    await expect(world.time.of(ana.close())).rejects.toMatchObject({ kind: 'storage-full' })
    for (const receipt of receipts.slice(kept))
      await expect(receipt.device).rejects.toMatchObject({ kind: 'storage-full' })
    const again = await world.open({ store: await sqliteStore(file) })
    await world.level(again)
    expect((await world.time.of(again.notes.open(note.id)))?.view().body).toHaveLength(kept * long.length)
    await world.time.of(again.close())
  })
})
