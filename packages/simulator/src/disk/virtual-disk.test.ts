import { RejoinError } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf } from '../testing/lives.ts'
import { diceOf } from '../world/dice.ts'
import { sectorBytes } from './sectors.ts'
import { VirtualDisk } from './virtual-disk.ts'

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)
const readOn = async (disk: VirtualDisk, file: string): Promise<Uint8Array | undefined> => {
  const mount = disk.mount('reader')
  const found = await mount.read(file)
  mount.release()
  return found
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Two sectors of ones that are synced; then the second, a third and a fourth are written with twos and are not. */
async function halfSynced(): Promise<VirtualDisk> {
  const disk = new VirtualDisk()
  const mount = disk.mount('m')
  await mount.write('f', 0, bytes(2 * sectorBytes, 1))
  await mount.sync('f')
  await mount.write('f', sectorBytes, bytes(3 * sectorBytes, 2))
  return disk
}

test('[SI20] what was written is read at once, grows the file, and outlives the process', async () => {
  const disk = await halfSynced()
  disk.crash('process')
  expect(disk.size('f')).toBe(4 * sectorBytes)
  expect(await readOn(disk, 'f')).toEqual(Uint8Array.from([...bytes(sectorBytes, 1), ...bytes(3 * sectorBytes, 2)]))
  expect([disk.size('none'), await readOn(disk, 'none')]).toEqual([0, undefined])
})

test('[SI20] a power cut keeps, loses or tears each sector that was not synced, in any order, and no other', async () => {
  const seen = { kept: 0, lost: 0, torn: 0, flipped: 0 }
  const shapes = new Set<string>()
  for (let seed = 0; seed < 300; seed++) {
    const disk = await halfSynced()
    const cut = disk.crash('power', diceOf(seed))
    for (const what of ['kept', 'lost', 'torn', 'flipped'] as const) seen[what] += cut[what]
    expect(cut.kept + cut.lost + cut.torn).toBe(3)
    const found = (await readOn(disk, 'f')) ?? bytes(0, 0)
    expect(textOf(found.subarray(0, sectorBytes))).toBe(textOf(bytes(sectorBytes, 1)))
    expect(found.length).toBeGreaterThanOrEqual(2 * sectorBytes)
    const sectors = [1, 2, 3].map((i) => [...found.subarray(i * sectorBytes, (i + 1) * sectorBytes)])
    const before = [1, 0, 0]
    shapes.add(
      sectors
        .map((sector) => sector.filter((byte) => byte === 2).length)
        .map(shapeOf)
        .join(' '),
    )
    for (const [i, sector] of sectors.entries()) {
      const written = sector.filter((byte) => byte === 2).length
      const rest = sector.slice(written)
      expect(sector.slice(0, written).every((byte) => byte === 2)).toBe(true)
      expect(rest.every((byte) => byte === before[i])).toBe(true)
    }
  }
  expect(seen).toMatchObject({ flipped: 0 })
  expect(Math.min(seen.kept, seen.lost, seen.torn)).toBeGreaterThan(50)
  expect(shapes).toContain('lost kept lost')
  expect(shapes).toContain('kept kept kept')
  expect(shapes).toContain('kept lost torn')
})

const shapeOf = (written: number): string => (written === 0 ? 'lost' : written === sectorBytes ? 'kept' : 'torn')

test('[SI20] a power cut may flip a bit of an unsynced sector, and touches no synced one', async () => {
  let flipped = 0
  for (let seed = 0; seed < 50; seed++) {
    const disk = await halfSynced()
    const cut = disk.crash('power', diceOf(seed), { flip: 1 })
    flipped += cut.flipped
    const found = (await readOn(disk, 'f')) ?? bytes(0, 0)
    expect(textOf(found.subarray(0, sectorBytes))).toBe(textOf(bytes(sectorBytes, 1)))
    expect(found.filter((byte) => ![0, 1, 2].includes(byte)).length).toBeLessThanOrEqual(1)
  }
  expect(flipped).toBeGreaterThan(30)
})

test('[SI20] a write that has begun when the power goes is there in part, and a synced file is whole', async () => {
  const sizes = new Set<number>()
  for (let seed = 0; seed < 40; seed++) {
    const disk = new VirtualDisk()
    const mount = disk.mount('m', () => new Promise(() => undefined))
    void mount.write('f', 0, bytes(2 * sectorBytes, 7))
    disk.crash('power', diceOf(seed))
    sizes.add(Math.ceil(disk.size('f') / sectorBytes))
  }
  expect(sizes).toEqual(new Set([0, 1, 2]))
})

test('[SI20] any run of writes, syncs and power cuts leaves each byte as it was synced or written since', async () => {
  const step = fc.oneof(
    fc.record({ offset: fc.nat(3000), length: fc.integer({ min: 1, max: 2000 }) }),
    fc.constantFrom('sync' as const, 'cut' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(), async (steps, seed) => {
      const disk = new VirtualDisk()
      const dice = diceOf(seed)
      let mount = disk.mount('m')
      await mount.write('f', 0, bytes(1, 0))
      await mount.sync('f')
      let may: ReadonlySet<number>[] = [new Set([0])]
      let value = 0
      for (const step of steps) {
        if (step === 'sync') await mount.sync('f')
        if (step === 'cut') {
          disk.crash('power', dice)
          mount = disk.mount('m')
        }
        const found = (await mount.read('f')) ?? bytes(0, 0)
        if (typeof step === 'string') {
          expect(found.findIndex((byte, i) => may[i]?.has(byte) !== true)).toBe(-1)
          may = [...found].map((byte) => new Set([byte]))
          continue
        }
        value++
        await mount.write('f', step.offset, bytes(step.length, value))
        for (let i = 0; i < step.offset + step.length; i++) {
          const now = may[i] ?? new Set([0])
          may[i] = i < step.offset ? now : new Set([...now, value])
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('[SI21] a file moved over another is there for good once it is synced, and before then one of the two is', async () => {
  const found = new Set<number>()
  for (let seed = 0; seed < 40; seed++) {
    for (const syncs of [0, 1, 2]) {
      const disk = new VirtualDisk()
      const mount = disk.mount('m')
      await mount.write('f', 0, bytes(10, 1))
      await mount.sync('f')
      mount.create('new')
      await mount.write('new', 0, bytes(2000, 2))
      if (syncs > 0) await mount.sync('new')
      await mount.rename('new', 'f')
      if (syncs > 1) await mount.sync('f')
      expect(textOf(await mount.read('f'))).toBe(textOf(bytes(2000, 2)))
      disk.crash('power', diceOf(seed))
      const [value = 0] = (await readOn(disk, 'f')) ?? []
      expect(textOf(await readOn(disk, 'f'))).toBe(textOf(value === 1 ? bytes(10, 1) : bytes(2000, 2)))
      if (syncs === 0) expect(value).toBe(1)
      if (syncs === 1) found.add(value)
      if (syncs === 2) expect([value, disk.size('new')]).toEqual([2, 0])
    }
  }
  expect(found).toEqual(new Set([1, 2]))
})

test('[SI22] a process that dies between two steps hears nothing more, and what it had not begun is not done', async () => {
  for (const at of [1, 2, 3]) {
    const disk = new VirtualDisk()
    const seen: string[] = []
    let answers = 0
    const mount = disk.mount('m', (step, nth, file) => {
      seen.push(`${step} ${nth} ${file}`)
      if (seen.length === at) disk.crash('process')
      return Promise.resolve()
    })
    void (async () => {
      await mount.write('f', 0, bytes(1, 1))
      answers++
      await mount.sync('f')
      answers++
      await mount.read('f')
      answers++
    })()
    await settled()
    expect(seen).toEqual(['write 1 f', 'sync 1 f', 'read 1 f'].slice(0, at))
    expect([answers, disk.size('f')]).toEqual([at - 1, at > 1 ? 1 : 0])
    expect(disk.mount('m').isDead).toBe(false)
  }
})

test('[SI22] a name is open once; a hold that was lost fails until it is taken again', async () => {
  const disk = new VirtualDisk()
  const mount = disk.mount('m')
  await mount.write('f', 0, bytes(1, 1))
  expect(() => disk.mount('m')).toThrow('open elsewhere')
  expect(disk.isOpen).toBe(true)
  disk.lose()
  expect(disk.isOpen).toBe(false)
  const refused = expect.objectContaining({ name: 'RejoinError', kind: 'storage-unavailable' })
  for (const call of [mount.read('f'), mount.write('f', 0, bytes(1, 2)), mount.sync('f'), mount.rename('f', 'g')])
    await expect(call).rejects.toEqual(refused)
  const again = disk.mount('m')
  mount.release()
  expect(() => disk.mount('m')).toThrow('open elsewhere')
  expect(await again.read('f')).toEqual(bytes(1, 1))
  again.release()
  await expect(again.read('f')).rejects.toEqual(refused)
})

test('[SI22] a step that the world fails has done nothing', async () => {
  const disk = new VirtualDisk()
  const mount = disk.mount('m', (_, nth) =>
    nth === 2 ? Promise.reject(new RejoinError('storage-full')) : Promise.resolve(),
  )
  await mount.write('f', 0, bytes(1, 1))
  await expect(mount.write('f', 1, bytes(1, 2))).rejects.toMatchObject({ kind: 'storage-full' })
  expect(disk.size('f')).toBe(1)
})

test('[SI23] while a disk lies a sync does nothing, and the next honest one makes up for it', async () => {
  const sizes = new Set<number>()
  for (let seed = 0; seed < 20; seed++)
    for (const honest of [false, true]) {
      const disk = new VirtualDisk()
      const mount = disk.mount('m')
      disk.liesAbout = () => true
      await mount.write('f', 0, bytes(10, 1))
      await mount.sync('f')
      disk.liesAbout = undefined
      if (honest) await mount.sync('f')
      disk.crash('power', diceOf(seed))
      if (honest) expect(disk.size('f')).toBe(10)
      else sizes.add(disk.size('f'))
    }
  expect(sizes).toContain(0)
})

test('[SI23] rot flips one bit of what is synced', async () => {
  const places = new Set<number>()
  for (let seed = 0; seed < 100; seed++) {
    const disk = await halfSynced()
    const place = disk.rot(diceOf(seed))
    const found = (await readOn(disk, 'f')) ?? bytes(0, 0)
    const changed = [...found.keys()].filter((i) => found[i] !== (i < sectorBytes ? 1 : 2))
    expect(changed).toEqual([place?.offset])
    expect(place?.offset).toBeLessThan(sectorBytes)
    places.add(place?.offset ?? -1)
  }
  expect(places.size).toBeGreaterThan(50)
  expect(new VirtualDisk().rot(diceOf(1))).toBeUndefined()
})

test('[SI23] a copy has what is durable and goes its own way; restored, it takes the place of what is there', async () => {
  const disk = await halfSynced()
  const copy = disk.copy()
  const before = bytes(2 * sectorBytes, 1)
  expect(await readOn(copy, 'f')).toEqual(before)
  const mount = copy.mount('m')
  await mount.write('f', 0, bytes(1, 9))
  await mount.sync('f')
  expect((await readOn(disk, 'f'))?.[0]).toBe(1)
  disk.crash('process')
  disk.restore(copy)
  expect(await readOn(disk, 'f')).toEqual(Uint8Array.from([9, ...before.subarray(1)]))
  expect(disk.copy(['none']).size('f')).toBe(0)
})

test('[SI23] a wiped disk has nothing, and no write that had begun', async () => {
  const disk = await halfSynced()
  disk.wipe()
  expect(disk.size('f')).toBe(0)
  const mount = disk.mount('m', () => new Promise(() => undefined))
  void mount.write('f', 0, bytes(10, 7))
  disk.wipe()
  disk.crash('power', diceOf(1))
  expect(disk.size('f')).toBe(0)
})

test('[SI22] what a dead process still tries to write is not on its way when the power goes', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const disk = new VirtualDisk()
    const dead = disk.mount('m')
    disk.crash('process')
    void dead.write('f', 0, bytes(sectorBytes, 9))
    const next = disk.mount('m')
    await next.write('f', 0, bytes(sectorBytes, 1))
    await next.sync('f')
    disk.crash('power', diceOf(seed))
    expect(await readOn(disk, 'f')).toEqual(bytes(sectorBytes, 1))
  }
})
