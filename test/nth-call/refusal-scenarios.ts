import type { World } from '../client/world.ts'
import type { ClientScenario } from './scenario.ts'

function refuseBodies(world: World): void {
  world.rule = ({ document }) => (document.field === 'body' ? { kind: 'rule', message: 'No bodies.' } : undefined)
}

function refuseOnce(world: World): void {
  world.rule = ({ document }) => {
    if (document.field !== 'body') return undefined
    world.rule = () => undefined
    return { kind: 'rule', message: 'Not this one.' }
  }
}

export const refusalScenarios: readonly ClientScenario[] = [
  {
    name: 'a refusal with what follows it',
    callsMin: 30,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      const note = await scene.create('n1', { title: 'one' })
      await scene.rest()
      refuseBodies(scene.world)
      scene.replica.goOffline()
      scene.edit(note, (n) => n.body.insert(0, 'refused'))
      await scene.pass(20)
      scene.edit(note, (n) => n.body.insert(7, ' and what follows'))
      scene.replica.goOnline()
      await scene.rest()
      scene.edit(note, (n) => n.title.set('goes on'))
      await scene.attempt(() => scene.replica.quarantine.list())
      await scene.rest()
    },
  },
  {
    name: 'a refusal after which the rest is made again',
    callsMin: 40,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      const note = await scene.create('n1', { title: 'one', body: 'text. ' })
      await scene.rest()
      scene.replica.goOffline()
      scene.edit(note, (n) => n.body.insert(0, 'refused '))
      await scene.pass(20)
      const edits: readonly Parameters<typeof note.edit>[0][] = [
        (n) => {
          n.minutes.add(3)
          n.body.insert(n.body.length, 'stays')
        },
        (n) => n.minutes.add(4),
        (n) => n.body.insert(3, ' falls'),
      ]
      for (const [i, edit] of edits.entries()) {
        scene.edit(note, edit, i % 2 === 0 ? 'high' : 'normal')
        await scene.pass(20)
      }
      refuseOnce(scene.world)
      scene.replica.goOnline()
      await scene.rest()
      scene.edit(note, (n) => n.minutes.add(5))
      await scene.rest()
      if (note.view().minutes !== 12 || note.view().body !== 'text. stays') throw new Error(JSON.stringify(note.view()))
    },
  },
  {
    name: 'making again what is in quarantine, and forgetting it',
    callsMin: 35,
    restsInTheEnd: true,
    run: async (scene) => {
      await scene.open()
      const note = await scene.create('n1', { title: 'one' })
      await scene.rest()
      refuseBodies(scene.world)
      scene.edit(note, (n) => n.body.insert(0, 'one '))
      scene.edit(note, (n) => {
        n.body.insert(4, 'two ')
        n.minutes.add(7)
      })
      scene.edit(note, (n) => n.body.insert(8, 'three'))
      await scene.rest()
      scene.world.rule = () => undefined
      const ids = await scene.attempt(() => scene.replica.quarantine.list())
      const [first = '', second = '', third = ''] = new Set(ids.map(({ id }) => id))
      await scene.attempt(() => scene.replica.quarantine.retry(first))
      await scene.attempt(() => scene.replica.quarantine.retry(second))
      await scene.attempt(() => scene.replica.quarantine.discard(third))
      await scene.rest()
      if (note.view().minutes !== 7 || note.view().body !== 'one two ') throw new Error(JSON.stringify(note.view()))
    },
  },
]
