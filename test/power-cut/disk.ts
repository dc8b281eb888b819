import type { Dice } from './dice.ts'
import { cuts, FileImage } from './image.ts'
import type { FileEvent } from './journal.ts'

export type Files = ReadonlyMap<string, Uint8Array>

/** A file gets, loses or changes its name; what it holds is another matter. */
type NameChange =
  | { readonly kind: 'create'; readonly path: string; readonly file: FileImage }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }

/**
 * A folder on a disk that remembers what is not yet safe. A write is safe once its file was synced; a name, new or
 * gone, once the folder was: nothing that POSIX does not promise. (Most file systems keep the name of a file that was
 * itself synced; nothing here counts on it.) Changes of names are kept in their order, as file systems with a journal
 * do: after a cut the first few of them have happened.
 */
export class Disk {
  readonly #seen = new Map<string, FileImage>()
  readonly #safe = new Map<string, FileImage>()
  #unsynced: NameChange[] = []

  apply(event: FileEvent): void {
    switch (event.kind) {
      case 'create':
        return this.#rename({ kind: 'create', path: event.path, file: new FileImage() })
      case 'unlink':
        return this.#rename({ kind: 'unlink', path: event.path })
      case 'rename':
        return this.#rename(event)
      case 'write':
      case 'truncate':
        return this.#file(event.path).change(event)
      case 'sync':
        if (event.path === '') this.#syncNames()
        else this.#file(event.path).sync()
    }
  }

  /** The folder as the process left it. */
  seen(): Files {
    return new Map([...this.#seen].map(([path, file]) => [path, file.seen()]))
  }

  /** The folder as it may be when the power comes back. */
  afterCut(dice: Dice): Files {
    const names = new Map(this.#safe)
    const happened = dice.pick([0, this.#unsynced.length, dice.below(this.#unsynced.length + 1)])
    for (const change of this.#unsynced.slice(0, happened)) applyName(names, change)
    return new Map([...names].map(([path, file]) => [path, file.afterCut(dice.pick(cuts), dice)]))
  }

  #rename(change: NameChange): void {
    applyName(this.#seen, change)
    this.#unsynced.push(change)
  }

  #syncNames(): void {
    for (const change of this.#unsynced) applyName(this.#safe, change)
    this.#unsynced = []
  }

  #file(path: string): FileImage {
    const file = this.#seen.get(path)
    if (file === undefined) throw new Error(`The recorder has not seen how ${path} came to be.`)
    return file
  }
}

function applyName(names: Map<string, FileImage>, change: NameChange): void {
  if (change.kind === 'create') return void names.set(change.path, change.file)
  const file = names.get(change.path)
  names.delete(change.path)
  if (change.kind === 'rename' && file !== undefined) names.set(change.to, file)
}
