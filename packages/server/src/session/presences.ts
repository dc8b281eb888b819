import type { DocumentKey, SpaceId } from '@rejoin/base'

/** Documents in which one connection may be present. */
const presencesMax = 256

/** Where a connection is present, so that it is taken back when the connection ends. */
export class Presences {
  readonly #show: (space: SpaceId, key: DocumentKey, bytes: Uint8Array) => void
  readonly #shown = new Map<string, { readonly space: SpaceId; readonly key: DocumentKey }>()

  constructor(show: (space: SpaceId, key: DocumentKey, bytes: Uint8Array) => void) {
    this.#show = show
  }

  set(space: SpaceId, key: DocumentKey, bytes: Uint8Array): void {
    const name = `${space}/${key}`
    if (bytes.length === 0) this.#shown.delete(name)
    else if (this.#shown.has(name) || this.#shown.size < presencesMax) this.#shown.set(name, { space, key })
    else return
    this.#show(space, key, bytes)
  }

  end(): void {
    for (const { space, key } of this.#shown.values()) this.#show(space, key, new Uint8Array(0))
    this.#shown.clear()
  }
}
