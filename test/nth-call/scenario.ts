import type { ClientScene } from './client-scene.ts'

export interface ClientScenario {
  readonly name: string
  /** The least number of calls to the store it must make, so that it cannot come to test nothing. */
  readonly callsMin: number
  /** False if it leaves writes in memory, which only the close takes to the disk. */
  readonly restsInTheEnd: boolean
  readonly run: (scene: ClientScene) => Promise<void>
}
