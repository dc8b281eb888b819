import { spaceId, tenantId, isId, isOpaqueId } from '@rejoin/base'
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { spaceKey } from '../../log/records.ts'
import type { SpaceRef } from '../../log/records.ts'
import type { Life } from '../../log/witness.ts'
import type { SpaceRow } from './columns.ts'

/** Rewritten when it has grown by this many bytes, and by as much as it holds. */
const growthBytesMax = 1024 * 1024

export interface SpaceLife extends Life {
  readonly ref: SpaceRef
}

export const lifeOf = ({ ref, record }: SpaceRow): SpaceLife => ({ ref, epoch: record.epoch, head: record.head })

/**
 * The witness as a file of lines, `tenant/space epoch head checksum`; the last one of a space counts. Not flushed: a
 * power cut may lose, tear or spoil lines, and one that is not as it was written says nothing.
 */
export class WitnessFile {
  readonly #path: string
  #descriptor: number
  #grownBytes = 0
  #heldBytes = 0
  #isTorn = false

  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'a')
  }

  read(): ReadonlyMap<string, SpaceLife> {
    const lives = new Map<string, SpaceLife>()
    for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
      const life = parse(line)
      if (life !== undefined) lives.set(spaceKey(life.ref), life)
    }
    return lives
  }

  /** Throws if the disk does not take it. */
  note(lives: readonly SpaceLife[]): void {
    const text = lives.map(format).join('')
    this.#isTorn = true
    const written = writeSync(this.#descriptor, text)
    this.#isTorn = written < text.length
    this.#grownBytes += written
  }

  /** Whether it is to be rewritten, for its length or because a note is missing. */
  isDue(): boolean {
    return this.#isTorn || this.#grownBytes > Math.max(growthBytesMax, this.#heldBytes)
  }

  /** Replaces all that is in it. */
  rewrite(lives: readonly SpaceLife[]): void {
    const text = lives.map(format).join('')
    writeFileSync(`${this.#path}.new`, text)
    this.#isTorn = true
    renameSync(`${this.#path}.new`, this.#path)
    const old = this.#descriptor
    this.#descriptor = openSync(this.#path, 'a')
    this.#isTorn = false
    this.#heldBytes = text.length
    this.#grownBytes = 0
    closeSync(old)
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function format({ ref, epoch, head }: SpaceLife): string {
  const text = `${spaceKey(ref)} ${epoch} ${head}`
  return `${text} ${sumOf(text)}\n`
}

/** Undefined for a line that was cut off or spoilt. */
function parse(line: string): SpaceLife | undefined {
  const [key = '', epoch = '', head = '', sum = ''] = line.split(' ')
  const [tenant = '', space = ''] = key.split('/')
  if (!isId(tenant) || !isId(space) || !isOpaqueId(epoch) || !/^\d{1,16}$/.test(head)) return undefined
  if (sum !== sumOf(`${key} ${epoch} ${head}`)) return undefined
  return { ref: { tenant: tenantId(tenant), space: spaceId(space) }, epoch, head: Number(head) }
}

const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0')
