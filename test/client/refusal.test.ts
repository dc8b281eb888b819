import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import type { Store } from '@rejoin/storage'
import { describe, expect, test } from 'vitest'
import { createWorld, kindOf } from './world.ts'
import type { World } from './world.ts'

/** The next entry of the note's body is refused, and every other one accepted. */
function refuseNextBody(world: World): void {
  world.rule = ({ document }) => {
    if (document.field !== 'body') return undefined
    world.rule = () => undefined
    return { kind: 'rule', message: 'Not today.' }
  }
}

describe('a refusal', () => {
  test('[CL20] takes the edit and what followed it to quarantine, and rebuilds the documents from disk', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'Light', body: 'kept. ' }))
    await world.level(ana)
    refuseNextBody(world)
    const refused = note.edit((n) => n.body.insert(6, 'refused'))
    const after = note.edit((n) => n.body.insert(0, 'after '))
    await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule', message: 'Not today.' })
    await expect(world.time.of(after.stored)).rejects.toMatchObject({ kind: 'rule' })
    expect(note.view().body).toBe('kept. ')
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 2, synced: true })
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([{ id: refused.id }, { id: after.id }])
    expect(await world.time.of(ana.receipts.find(refused.id))).toBe('rejected')
  })

  test('[CL21] an edit made after it is stored, also if the entity was closed when it came', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'Light', body: 'kept. ' }))
    await world.level(ana)
    refuseNextBody(world)
    const refused = note.edit((n) => n.body.insert(6, 'refused'))
    await world.time.of(note.close())
    await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule' })
    const again = await world.time.of(ana.notes.open(note.id))
    expect(again?.view().body).toBe('kept. ')
    const later = again?.edit((n) => n.body.insert(6, 'later'))
    await world.time.of(later?.stored ?? Promise.reject(new Error('not open')))
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 1 })
    // It was not taken and made again either.
    expect(world.logged.filter(({ event }) => event === 'refusal.settled')).toHaveLength(1)
  })

  test.each([
    ['goes with it', 13, { title: 'Light', body: 'kept. ', quarantined: 3 }],
    ['stands alone', 0, { title: 'half', body: 'half kept. ', quarantined: 1 }],
  ])(
    '[CL24] a crash after it leaves no half of a transaction that was being stored, and %s',
    async (_, at, expected) => {
      const { title, body, quarantined } = expected
      const world = await createWorld()
      const disk = new MemoryDisk()
      const inner = memoryStore(disk)
      let release: (() => void) | undefined
      let isArmed = false
      const store: Store = {
        durability: inner.durability,
        get: (keys) => inner.get(keys),
        scan: (range) => inner.scan(range),
        close: () => inner.close(),
        [Symbol.asyncDispose]: () => inner.close(),
        async commit(batch) {
          const outcome = await inner.commit(batch)
          const puts = (table: string): boolean => batch.put?.some(([key]) => key.startsWith(table)) === true
          // The process dies once the first take is on disk.
          if (puts('quarantine|')) await new Promise(() => undefined)
          if (isArmed && puts('row|')) await new Promise<void>((resolve) => (release = resolve))
          return outcome
        },
      }
      const ana = await world.open({ store })
      const note = await world.time.of(ana.notes.create({ title: 'Light', body: 'kept. ' }))
      await world.level(ana)

      refuseNextBody(world)
      world.swallow = (from, frame) => from === 'server' && kindOf(from, frame) === 'reject'
      await world.time.of(note.edit((n) => n.body.insert(6, 'refused')).device)
      await world.time.pass(100)
      isArmed = true
      note.edit((n) => {
        n.title.set('half')
        n.body.insert(at, 'half ')
      })
      await world.time.until(() => release !== undefined)
      isArmed = false
      // The answer comes while that transaction is on disk, but not yet known to be.
      let rejects = 0
      world.swallow = () => false
      world.seen = (from, frame) => void (from === 'server' && kindOf(from, frame) === 'reject' && rejects++)
      world.cut()
      expect(await world.time.until(() => rejects > 0)).toBe(true)
      release?.()
      await world.time.pass(1000)
      ana.goOffline()
      disk.crash()

      const again = await world.open({ disk })
      const bob = await world.open()
      await world.level(again, bob)
      const [seen] = await world.time.of(bob.notes.list())
      expect(seen).toMatchObject({ title, body })
      expect(await world.time.of(again.quarantine.list())).toHaveLength(quarantined)
    },
  )
})
