import { crc32, isId, isOpaqueId, spaceId, tenantId } from '@rejoin/base'
import type { SpaceRef } from '@rejoin/server'
import type { Mount } from './mount.ts'

/** What the witness has seen of a space. */
export interface SpaceLife {
  readonly ref: SpaceRef
  readonly epoch: string
  readonly head: number
}

const file = 'witness'
const utf8 = new TextEncoder()

/** The witness as a file of lines, `tenant/space epoch head checksum`; the last whole one of a space counts. */
export class WitnessLines {
  readonly #mount: Mount
  readonly #isSynced: boolean
  #end = 0

  constructor(mount: Mount, mode: 'written' | 'synced') {
    this.#mount = mount
    this.#isSynced = mode === 'synced'
  }

  /** By `tenant/space`. */
  async read(): Promise<ReadonlyMap<string, SpaceLife>> {
    const lives = new Map<string, SpaceLife>()
    const bytes = await this.#mount.read(file)
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      const life = parse(line)
      if (life !== undefined) lives.set(`${life.ref.tenant}/${life.ref.space}`, life)
    }
    return lives
  }

  async note(lives: readonly SpaceLife[]): Promise<void> {
    const lines = utf8.encode(lives.map(format).join(''))
    await this.#mount.write(file, this.#end, lines)
    this.#end += lines.length
    if (this.#isSynced) await this.#mount.sync(file)
  }

  /** Replaces all that is in it. */
  async rewrite(lives: readonly SpaceLife[]): Promise<void> {
    const lines = utf8.encode(lives.map(format).join(''))
    await replaceFile(this.#mount, file, lines)
    this.#end = lines.length
  }
}

/** Writes a file so that a power cut leaves the old one or the new one. */
export async function replaceFile(mount: Mount, file: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${file}.new`
  mount.create(fresh)
  await mount.write(fresh, 0, bytes)
  await mount.sync(fresh)
  await mount.rename(fresh, file)
  await mount.sync(file)
}

function format({ ref, epoch, head }: SpaceLife): string {
  const line = `${ref.tenant}/${ref.space} ${epoch} ${head}`
  return `${line} ${crc32(utf8.encode(line)).toString(16)}\n`
}

/** Undefined for a line that is not whole. */
function parse(line: string): SpaceLife | undefined {
  const [key = '', epoch = '', head = '', sum = ''] = line.split(' ')
  if (sum !== crc32(utf8.encode(`${key} ${epoch} ${head}`)).toString(16)) return undefined
  const [tenant = '', space = ''] = key.split('/')
  if (!isId(tenant) || !isId(space) || !isOpaqueId(epoch) || !/^\d{1,16}$/.test(head)) return undefined
  return { ref: { tenant: tenantId(tenant), space: spaceId(space) }, epoch, head: Number(head) }
}
