import type { Survivor, Told, Update } from '../engine.ts'
import { nameOf } from '../history/net.ts'
import { checkUpdates, takeIn, undecodable } from './apply.ts'
import { CausalQueue } from './causal-queue.ts'
import { changesOf } from './changes.ts'
import { hasChecksumOf } from './chunks.ts'
import type { Chunks } from './chunks.ts'
import { byStampThenId, readEntry } from './entries.ts'
import { genesis, rootNames } from './genesis.ts'
import type { DecodedChange, Library } from './library.ts'
import { operationsOf } from './operations.ts'
import type { Operation } from './operations.ts'
import { Past } from './past.ts'
import { State } from './state.ts'

/** What updates did, one after another: each change is decoded once, and none is taken in natively. */
export function changesOfEach(
  library: Library,
  before: readonly Update[],
  updates: readonly Update[],
): readonly Told[] {
  library.check()
  const telling = new Telling()
  for (const update of before) telling.take(decode(library, update))
  return updates.map((update) => telling.tell(decode(library, update)))
}

/** A document as far as telling changes needs it. */
class Telling {
  readonly #queue = new CausalQueue(rootNames.map((name) => genesis[name].hash))
  readonly #past = new Past()
  readonly #standing = new Standing()

  take(changes: readonly DecodedChange[]): void {
    const operations = this.#queue.take(changes).flatMap(operationsOf)
    this.#past.integrate(operations)
    this.#standing.integrate(operations)
  }

  tell(decoded: readonly DecodedChange[]): Told {
    const operations = this.#queue.take(decoded).flatMap(operationsOf)
    this.#past.integrate(operations)
    const changes = changesOf(operations, { survivors: (key) => this.#standing.survivors(key), past: () => this.#past })
    this.#standing.integrate(operations)
    return { changes, whole: !this.#queue.waits && !changes.some(({ root }) => root === 'untold') }
  }
}

/** The survivors of each key. */
class Standing {
  readonly #keys = new Map<string, Map<string, Survivor>>()

  survivors(key: string): readonly Survivor[] {
    return [...(this.#keys.get(key)?.values() ?? [])].sort(byStampThenId)
  }

  integrate(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.kind !== 'entry') continue
      const { id, key, value, replaced } = operation
      const survivors = this.#keys.get(key) ?? new Map<string, Survivor>()
      this.#keys.set(key, survivors)
      for (const each of replaced) survivors.delete(nameOf(each))
      const entry = readEntry(value, id)
      if (entry !== undefined) survivors.set(nameOf(id), entry)
    }
  }
}

function decode(library: Library, update: Update): readonly DecodedChange[] {
  const chunks = checkUpdates([update])
  const inside = chunks.documents.length === 0 ? [] : changesIn(library, chunks)
  return [...inside, ...chunks.changes].map((bytes) => {
    const change = library.decodeChange(bytes)
    // The library looks at it only where it takes a change in.
    if (!hasChecksumOf(bytes, change.hash)) throw undecodable(new Error('a checksum is wrong'))
    return change
  })
}

/** The changes of whole documents. */
function changesIn(library: Library, chunks: Chunks): readonly Uint8Array[] {
  const state = new State(library)
  try {
    takeIn(state, chunks)
    return state.handle?.call((raw) => raw.getChanges([])) ?? []
  } finally {
    state.handle?.free()
  }
}
