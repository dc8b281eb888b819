/** Whose the CRDT client ids of one space are: as they were loaded, and as the commit in hand leaves them. */
export class ClientIdOwners {
  readonly #loaded: ReadonlyMap<number, number>
  readonly #registered = new Map<number, number>()
  /** By the ids as a push brought them, for each of its entries: what was found, when so many had been registered. */
  readonly #found = new Map<
    readonly number[],
    { readonly at: number; readonly size: number; readonly taken?: number }
  >()
  readonly #done = new Map<readonly number[], number>()

  /** The number of the writer by client id. */
  constructor(loaded: ReadonlyMap<number, number>) {
    this.#loaded = loaded
  }

  /** The first of the ids that another writer has than `writer`, which may have no number yet. */
  taken(ids: readonly number[], writer: number | undefined): number | undefined {
    const at = writer ?? 0
    const size = this.#registered.size
    const found = this.#found.get(ids)
    if (found?.at === at && found.size === size) return found.taken
    const taken = ids.find((id) => ![undefined, writer].includes(this.#ownerOf(id)))
    this.#found.set(ids, { at, size, ...(taken !== undefined && { taken }) })
    return taken
  }

  /** The ids were found free, or the writer's own. */
  register(ids: readonly number[], writer: number): void {
    if (this.#done.get(ids) === writer) return
    this.#done.set(ids, writer)
    for (const id of ids) if (this.#ownerOf(id) === undefined) this.#registered.set(id, writer)
  }

  changed(): readonly { readonly id: number; readonly writer: number }[] {
    return [...this.#registered].map(([id, writer]) => ({ id, writer }))
  }

  #ownerOf(id: number): number | undefined {
    return this.#registered.get(id) ?? this.#loaded.get(id)
  }
}
