import type { Change } from '../workloads/workload.ts'
import type { Held, Model } from './held.ts'

/** What can be seen on the devices while a run goes on, and is gone at the end. */
export class Observed {
  /** How long each edit took to each other device, in milliseconds. */
  readonly delaysMs: number[] = []
  readonly #conflicts = new Set<string>()
  readonly #changes = new Map<string, Change[]>()
  readonly #last = new Map<string, string>()

  /** Sets of versions that any device has listed. */
  get conflicts(): number {
    return this.#conflicts.size
  }

  changesOf(entity: string): readonly Change[] {
    return this.#changes.get(entity) ?? []
  }

  /** After anything has changed on a device. */
  look(device: number, { id, shape, policy }: Model, held: Held): void {
    if (policy.registers === 'manual') for (const name of held.conflicts()) this.#conflicts.add(`${id} ${name}`)
    for (const [field, { kind }] of Object.entries(shape)) if (kind === 'status') this.#watch(device, id, field, held)
  }

  #watch(device: number, entity: string, field: string, held: Held): void {
    const to = held.shown?.[field]
    if (typeof to !== 'string') return
    const key = `${device} ${entity} ${field}`
    const from = this.#last.get(key)
    this.#last.set(key, to)
    if (from === undefined || from === to) return
    const changes = this.#changes.get(entity) ?? []
    changes.push({ field, from, to })
    this.#changes.set(entity, changes)
  }
}
