import type { ServerScene } from './server-scene.ts'
import type { TestRejoin } from '../client/world.ts'

export interface ServerScenario {
  readonly name: string
  /** The least number of calls to the log it must make, so that it cannot come to test nothing. */
  readonly callsMin: number
  /** Returns the replicas that are to be level in the end. */
  readonly run: (scene: ServerScene) => Promise<readonly TestRejoin[]>
}

async function written(scene: ServerScene, ana: TestRejoin, edits: number): Promise<void> {
  const note = await scene.world.time.of(ana.notes.create({ title: 'one' }, { id: 'n1' }))
  for (let i = 0; i < edits; i++) {
    scene.edit(note, (n) => n.body.insert(0, `${i} `))
    await scene.world.time.pass(50)
  }
}

export const serverScenarios: readonly ServerScenario[] = [
  {
    name: 'a push',
    callsMin: 10,
    run: async (scene) => {
      const ana = await scene.open()
      await written(scene, ana, 3)
      await scene.rest(ana)
      return [ana]
    },
  },
  {
    name: 'a group over documents',
    callsMin: 7,
    run: async (scene) => {
      const ana = await scene.open()
      const note = await scene.world.time.of(
        ana.notes.create({ title: 'one', body: 'text', steps: ['x'] }, { id: 'n1' }),
      )
      scene.edit(note, (n) => {
        n.body.insert(0, 'a ')
        n.steps.push('y')
        n.minutes.add(2)
      })
      await scene.rest(ana)
      return [ana]
    },
  },
  {
    name: 'a refusal',
    callsMin: 10,
    run: async (scene) => {
      scene.world.rule = ({ document }) =>
        document.field === 'body' ? { kind: 'rule', message: 'No bodies.' } : undefined
      const ana = await scene.open()
      await written(scene, ana, 2)
      await scene.rest(ana)
      return [ana]
    },
  },
  {
    name: 'a handshake of a device that missed nothing, and of one that did',
    callsMin: 16,
    run: async (scene) => {
      const ana = await scene.open()
      const bob = await scene.open()
      await written(scene, ana, 1)
      await scene.rest(ana, bob)
      scene.world.cut()
      await scene.rest(ana, bob)
      bob.goOffline()
      await scene.world.time.pass(100)
      const note = await scene.world.time.of(ana.notes.open('n1'))
      if (note !== undefined) scene.edit(note, (n) => n.minutes.add(1))
      await scene.rest(ana)
      bob.goOnline()
      await scene.rest(ana, bob)
      return [ana, bob]
    },
  },
  {
    name: 'pages for one who comes late',
    callsMin: 20,
    run: async (scene) => {
      const ana = await scene.open()
      await written(scene, ana, 8)
      await scene.rest(ana)
      const late = await scene.open({ limits: { answerMs: 5_000 } })
      await scene.rest(ana, late)
      return [ana, late]
    },
  },
  {
    name: 'a fold',
    callsMin: 20,
    run: async (scene) => {
      const ana = await scene.open()
      await written(scene, ana, 4)
      await scene.rest(ana)
      const { spacesFailed, skipped } = await scene.ask(() => scene.world.server.fold())
      if (spacesFailed + skipped > 0) {
        scene.log.repair()
        await scene.world.server.fold()
      }
      const late = await scene.open()
      await scene.rest(ana, late)
      return [ana, late]
    },
  },
  {
    name: "an edit of the server's part",
    callsMin: 15,
    run: async (scene) => {
      const ana = await scene.open()
      await written(scene, ana, 1)
      await scene.rest(ana)
      for (const grade of [1, 2]) await scene.ask(() => scene.grade('n1', grade))
      await scene.rest(ana)
      return [ana]
    },
  },
  {
    name: 'a restart',
    callsMin: 16,
    run: async (scene) => {
      const ana = await scene.open()
      await written(scene, ana, 2)
      await scene.restart()
      const note = await scene.world.time.of(ana.notes.open('n1'))
      if (note !== undefined) scene.edit(note, (n) => n.minutes.add(1))
      await scene.rest(ana)
      return [ana]
    },
  },
]
