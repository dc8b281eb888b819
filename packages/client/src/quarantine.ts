import { parseDocumentKey, RejoinError } from '@rejoin/base'
import { describeChanges } from '@rejoin/documents'
import type { FieldChange } from '@rejoin/documents'
import { collection } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { ExportedWrite, QuarantinedWrite } from './api.ts'
import { BatchBuilder } from './replica/committer.ts'
import type { Committer } from './replica/committer.ts'
import type { KeptChanges, QuarantineRecord } from './replica/quarantine-record.ts'
import { changeQuarantine, readQuarantine } from './upstream/keeping.ts'
import type { KeptWrite } from './upstream/keeping.ts'
import type { Retrying } from './upstream/retrying.ts'

export interface QuarantineDeps {
  readonly store: Store
  readonly committer: Committer
  readonly retrying: Retrying
  readonly collectionNamed: (name: string) => Collection | undefined
  /** How the transaction ended, as far as this device knows. */
  readonly find: (id: string) => Promise<'pending' | 'stored' | 'rejected' | undefined>
  /** So many more writes are in quarantine. */
  readonly quarantined: (writes: number) => void
}

/** What was refused, as a person uses it. */
export class Quarantine {
  readonly #deps: QuarantineDeps

  constructor(deps: QuarantineDeps) {
    this.#deps = deps
  }

  async list(): Promise<readonly QuarantinedWrite[]> {
    return (await readQuarantine(this.#deps.store)).map((write) => this.#shown(write))
  }

  async export(id?: string): Promise<readonly ExportedWrite[]> {
    const all = await readQuarantine(this.#deps.store)
    return all.filter((write) => id === undefined || write.id === id).map((write) => this.#exported(write))
  }

  /** Makes the transaction again now; resolves when that is on disk. */
  async retry(id: string): Promise<void> {
    const { retrying, find } = this.#deps
    if (await retrying.retry(id)) return
    const end = await find(id)
    if (end !== 'pending' && end !== 'stored')
      throw new RejoinError('not-found', 'No write of this id is in quarantine.')
  }

  /** Forgets what the transaction wrote, for ever; its receipt stays rejected. */
  async discard(id: string): Promise<void> {
    const { store, committer, quarantined } = this.#deps
    await committer.exclusiveWrite(async () => {
      const kept = await readQuarantine(store)
      const gone = new Set(kept.filter((write) => write.id === id))
      const batch = new BatchBuilder()
      changeQuarantine(batch, kept, gone)
      await committer.apply(batch)
      quarantined(-gone.size)
    })
  }

  #shown({ record, index, id }: KeptWrite): QuarantinedWrite {
    const { space, document, kind, message, at, unanswered } = record
    return { id, space, document, kind, message, at, unanswered, ...this.#told(record, index) }
  }

  #exported({ record, index, id }: KeptWrite): ExportedWrite {
    const { space, document, kind, message, at, unanswered, row } = record
    const { collection: name, entity, part, field } = parseDocumentKey(document)
    const { encoding, bytes } = row.writes[index]?.update ?? { encoding: 'yjs-1', bytes: new Uint8Array(0) }
    const place = { space, document, collection: name, entity, part, field }
    const content = { encoding, bytes: base64(bytes) }
    return {
      id,
      user: row.principal,
      ...place,
      at,
      kind,
      message,
      unanswered,
      ...this.#told(record, index),
      ...content,
    }
  }

  #told({ document, changes }: QuarantineRecord, index: number): Pick<QuarantinedWrite, 'changes' | 'omitted'> {
    const kept: KeptChanges = changes[index] ?? 'unreadable'
    if (typeof kept === 'string') return { changes: [], omitted: kept }
    const { collection: name, part, field } = parseDocumentKey(document)
    // Without its schema everything is shown by the names that it has on disk.
    const schema = this.#deps.collectionNamed(name) ?? collection(name, {})
    const told: readonly FieldChange[] = describeChanges(schema, [{ part, field, changes: kept.changes }])
    return kept.whole ? { changes: told } : { changes: told, omitted: 'untold' }
  }
}

/** In pieces: a function takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  return btoa(text)
}
