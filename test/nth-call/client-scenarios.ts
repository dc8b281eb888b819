import type { World } from '../client/world.ts'
import { refusalScenarios } from './refusal-scenarios.ts'
import type { ClientScenario } from './scenario.ts'

/** Somebody else writes, on a device that works. */
async function bobWrites(world: World, times: number): Promise<void> {
  const bob = await world.open({ user: 'ana' })
  await world.level(bob)
  const known = await world.time.of(bob.notes.open('bobs'))
  const note = known ?? (await world.time.of(bob.notes.create({ title: 'of bob' }, { id: 'bobs' })))
  for (let i = 0; i < times; i++) {
    note.edit((n) => {
      n.body.insert(0, `${i} `)
      n.minutes.add(1)
    })
    await world.level(bob)
  }
  await world.time.of(bob.close())
}

export const clientScenarios: readonly ClientScenario[] = [
  {
    name: 'the first open',
    callsMin: 10,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      await scene.rest()
    },
  },
  {
    name: 'creating and editing fields of every kind',
    callsMin: 25,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      const note = await scene.create('n1', { title: 'one', body: 'text', tags: ['a', 'b'], minutes: 1, steps: ['x'] })
      scene.edit(note, (n) => n.title.set('two'))
      await scene.pass(20)
      scene.edit(note, (n) => {
        n.body.insert(4, ' and more')
        n.body.delete(0, 2)
      })
      await scene.pass(20)
      scene.edit(note, (n) => {
        n.tags.add('c')
        n.tags.delete('a')
        n.minutes.add(4)
        n.steps.insert(0, 'w')
        n.steps.push('y')
        n.steps.delete(1, 1)
      })
      await scene.attempt(() => scene.replica.notes.list())
      await scene.rest()
    },
  },
  {
    name: 'a burst of edits',
    callsMin: 25,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      for (const id of ['n1', 'n2', 'n3']) {
        const note = await scene.create(id, { title: id })
        for (let i = 0; i < 10; i++)
          scene.edit(note, (n) => {
            n.body.insert(n.body.length, `${i}`)
            n.minutes.add(1)
          })
      }
      await scene.attempt(() => scene.replica.flushed())
      await scene.rest()
    },
  },
  {
    name: 'sealing and acknowledgements',
    callsMin: 20,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open({ offline: true })
      const note = await scene.create('n1', { title: 'one' })
      for (let i = 0; i < 4; i++) {
        scene.edit(note, (n) => n.body.insert(0, `${i} `))
        await scene.pass(20)
      }
      scene.world.swallow = (from) => from === 'server'
      scene.replica.goOnline()
      await scene.pass(2_000)
      scene.world.swallow = () => false
      scene.world.cut()
      scene.edit(note, (n) => n.minutes.add(1))
      await scene.rest()
    },
  },
  ...refusalScenarios,
  {
    name: 'catching up at the first join and later',
    callsMin: 15,
    restsInTheEnd: true,
    run: async (scene) => {
      await bobWrites(scene.world, 3)
      await scene.open()
      await scene.rest()
      await scene.attempt(() => scene.replica.notes.list())
      scene.replica.goOffline()
      await bobWrites(scene.world, 3)
      scene.replica.goOnline()
      await scene.rest()
      await scene.note('bobs')
    },
  },
  {
    name: 'widening what is wanted',
    callsMin: 12,
    restsInTheEnd: true,
    run: async (scene) => {
      await bobWrites(scene.world, 2)
      await scene.open({ spaces: {} })
      await scene.attempt(() => scene.replica.join('course-7', 'course', { entities: ['notes/other'] }))
      await scene.rest()
      await scene.attempt(() => scene.replica.widen('course-7', { collections: ['notes'] }))
      await scene.rest()
    },
  },
  {
    name: 'joining and leaving a space',
    callsMin: 25,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      await scene.attempt(() => scene.replica.join('course-8', 'course'))
      const note = await scene.create('n8', { title: 'there' }, 'course-8')
      await scene.rest()
      scene.replica.goOffline()
      await scene.pass(10)
      scene.edit(note, (n) => n.body.insert(0, 'unsent'))
      await scene.attempt(() => scene.replica.leave('course-8'))
      scene.replica.goOnline()
      await scene.rest()
      await scene.attempt(() => scene.replica.join('course-8', 'course'))
      await scene.rest()
    },
  },
  {
    name: 'packing a tail',
    callsMin: 35,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open({ limits: { tailRowsMax: 3 } })
      const note = await scene.create('n1', { title: 'one' })
      await scene.rest()
      for (let i = 0; i < 4; i++) {
        scene.edit(note, (n) => n.minutes.add(1))
        await scene.rest()
      }
      await bobWrites(scene.world, 2)
      await scene.rest()
      await scene.note('bobs')
      await scene.pass(2_000)
    },
  },
  {
    name: 'reopening with writes that wait',
    callsMin: 20,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open({ offline: true })
      const note = await scene.create('n1', { title: 'one' })
      scene.edit(note, (n) => n.body.insert(0, 'waits'))
      await scene.attempt(() => scene.replica.flushed())
      await scene.close()
      await scene.open({ offline: true })
      const again = await scene.note('n1')
      scene.edit(again, (n) => n.minutes.add(2))
      await scene.pass(20)
      scene.replica.goOnline()
      await scene.rest()
    },
  },
  {
    name: 'watching while it changes',
    callsMin: 30,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      let shown: readonly unknown[] = []
      scene.replica.notes.watch({}, (views) => (shown = views))
      const note = await scene.create('n1', { title: 'one' })
      await scene.pass(50)
      scene.edit(note, (n) => n.title.set('two'))
      await scene.rest()
      await bobWrites(scene.world, 2)
      await scene.rest()
      if (!(await scene.world.time.until(() => shown.length === 2, 5_000))) {
        scene.repair()
        if (!(await scene.world.time.until(() => shown.length === 2))) throw new Error('the list was never shown')
      }
    },
  },
  {
    name: 'a close with writes in memory',
    callsMin: 15,
    restsInTheEnd: false,
    run: async (scene) => {
      await scene.open()
      const note = await scene.create('n1', { title: 'one' })
      await scene.rest()
      scene.edit(note, (n) => n.body.insert(0, 'at the last moment'))
    },
  },
]
