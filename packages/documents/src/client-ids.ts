import { toHex } from '@rejoin/base'
import type { WriterId } from '@rejoin/base'
import { digest } from 'lib0/hash/sha256'

const utf8 = new TextEncoder()

/** The writer's CRDT client id number `k`: 32 bits of a hash, so that nobody has to hand ids out. */
export const clientIdOf = (writer: WriterId, k: number): number => firstBits(`${writer}/${k}`)

/** The client id under which a document's first content is written, whoever writes it: 32 bits of a hash of all of it. */
export const genesisClientId = (documentKey: string, content: Uint8Array): number =>
  firstBits(`${documentKey}\n${toHex(digest(content))}`)

function firstBits(text: string): number {
  const hash = digest(utf8.encode(text))
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0)
}

/** Hands out the CRDT client ids of one writer; `ClientIds` is one. */
export interface ClientIdSource {
  /** The id under which to write next to a document whose loaded state answers `clockOf`. */
  pick(documentKey: string, clockOf: (clientId: number) => number): number
  /** The clock of the id picked last for this document, after a write. */
  used(documentKey: string, clock: number): void
  /** Every id that was picked so far. */
  all?(): readonly number[]
}

interface Handed {
  readonly k: number
  readonly clock: number
}

/**
 * Which client id one writer uses in which document. Two histories under one id diverge for ever without a
 * sign, so an id is taken up again only in a document that holds exactly what was handed out under it.
 */
export class ClientIds implements ClientIdSource {
  readonly #writer: WriterId
  readonly #ids: number[] = []
  readonly #handed = new Map<string, Handed>()

  constructor(writer: WriterId) {
    this.#writer = writer
  }

  /** The id to write under in a document just loaded, whose next clock of each client `clockOf` tells. */
  pick(documentKey: string, clockOf: (clientId: number) => number): number {
    let { k, clock } = this.#handed.get(documentKey) ?? { k: 0, clock: 0 }
    while (clockOf(this.#id(k)) !== clock) {
      k++
      clock = 0
    }
    this.#handed.set(documentKey, { k, clock })
    return this.#id(k)
  }

  /** To be told after each local change: the next clock of the picked id. */
  used(documentKey: string, clock: number): void {
    this.#handed.set(documentKey, { k: this.#handed.get(documentKey)?.k ?? 0, clock })
  }

  /** Every id picked so far, in the order of their numbers, to be declared to the server. */
  all(): readonly number[] {
    return [...this.#ids]
  }

  #id(k: number): number {
    for (let next = this.#ids.length; next <= k; next++) this.#ids.push(clientIdOf(this.#writer, next))
    return this.#ids[k] ?? clientIdOf(this.#writer, k)
  }
}
