import { crc32 } from '@rejoin/base'
import type { DiskPause, DiskStep } from '../disk/mount.ts'
import type { VirtualDisk } from '../disk/virtual-disk.ts'
import { diceOf } from '../world/dice.ts'

/** Data as text to compare: fields by name, long bytes by their checksum. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Uint8Array) return `${part.length}:${crc32(part)}`
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })

/** How a life of a process ends: at a step of its disk, counted from 1, or, if it takes no such step, by itself. */
export interface End {
  readonly step: number
  readonly what: 'process' | 'power'
  readonly seed: number
}

/** Runs a process until its end. Returns the steps it took, or undefined if it died. */
export async function live(
  disk: VirtualDisk,
  end: End,
  run: (pause: DiskPause) => Promise<void>,
): Promise<readonly DiskStep[] | undefined> {
  const steps: DiskStep[] = []
  const death = Promise.withResolvers<undefined>()
  const pause: DiskPause = (step) => {
    if (steps.push(step) === end.step) {
      if (end.what === 'power') disk.crash('power', diceOf(end.seed), { flip: 0.2 })
      else disk.crash('process')
      death.resolve(undefined)
    }
    return Promise.resolve()
  }
  const done = run(pause).then(() => steps)
  return Promise.race([done, death.promise])
}
