import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'
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
  })
})
