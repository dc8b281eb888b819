import { RejoinError } from '@rejoin/base'
import type { EntityDocument } from './document.ts'
import type { EntityDocuments } from './documents.ts'
import type { EntityLimits } from './entity.ts'

const MiB = 1024 * 1024
const defaults: EntityLimits = {
  writeBytesMax: Infinity,
  entityBytesWarn: 4 * MiB,
  entityBytesMax: 32 * MiB,
  onLarge: () => undefined,
}

/**
 * How large an entity is. The sum of the updates that came is at least that, and free to know; only where it passes a
 * limit are the documents measured, and not again before a sixteenth of the limit has been added.
 */
export class SizeLimit {
  readonly #limits: EntityLimits
  readonly #documents: EntityDocuments
  readonly #name: string
  #warned = false
  /** Sum of the updates up to which no limit can have been passed. */
  #safe: number

  constructor(documents: EntityDocuments, name: string, limits: Partial<EntityLimits> | undefined) {
    this.#documents = documents
    this.#name = name
    this.#limits = limits === undefined ? defaults : { ...defaults, ...limits }
    this.#safe = Math.min(this.#limits.entityBytesWarn, this.#limits.entityBytesMax)
  }

  /** To be called with what an edit is about to write; throws `too-large` if that, or the whole, passes a limit. */
  check(dirty: readonly EntityDocument[]): void {
    const { writeBytesMax } = this.#limits
    for (const { field, weight } of dirty) {
      if (weight <= writeBytesMax) continue
      const what = field === '' ? 'the registers' : field
      throw new RejoinError('too-large', `${this.#name}: one edit may write ${writeBytesMax} bytes into ${what}.`, {
        hint: 'Make several edits of it (writeBytesMax).',
      })
    }
    if (!dirty.some((document) => document.grows)) return
    let sum = 0
    for (const document of this.#documents.all) sum += document.bytes
    if (sum > this.#safe) this.#measure()
  }

  #measure(): void {
    const { entityBytesWarn, entityBytesMax, onLarge } = this.#limits
    let bytes = 0
    for (const document of this.#documents.all) if (document.held) bytes += document.measure()
    const next = bytes <= entityBytesWarn ? Math.min(entityBytesWarn, entityBytesMax) : entityBytesMax
    this.#safe = bytes > entityBytesMax ? 0 : Math.max(next, bytes + Math.ceil(next / 16))
    if (bytes > entityBytesWarn && !this.#warned) {
      this.#warned = true
      onLarge(bytes)
    }
    if (bytes <= entityBytesMax) return
    throw new RejoinError('too-large', `${this.#name} has ${bytes} bytes; entityBytesMax is ${entityBytesMax}.`, {
      hint: 'Delete what is no longer needed, or divide it among several entities.',
    })
  }
}
