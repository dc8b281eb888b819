import assert from 'node:assert/strict'
import { documentKey, parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, UserId, WriterId } from '@rejoin/base'
import type { Engine, Update } from '@rejoin/documents'
import { createJoiner, decodeServerFrame, defaultLimits, seqOf, SlotTable } from '@rejoin/protocol'
import type { DocumentDeclaration, RangeFrame, ServerFrame } from '@rejoin/protocol'
import { openNote } from './note.ts'
import type { NoteEntity } from './note.ts'

/**
 * What a replica does with a frame from the server until its watchers know, of the parts that it does it with: decode and
 * check the frame, join cut ranges, leave out what is known already or its own, sort by document, apply to the open
 * entity, tell. What a replica besides writes to its disk is not in it.
 */
export class Receiver {
  readonly note: NoteEntity
  readonly watchers: Set<() => void> = new Set()
  readonly #joiner = createJoiner<RangeFrame>(defaultLimits)
  readonly #documents = new SlotTable<DocumentDeclaration>(defaultLimits.documentSlotsMax, 'document', last)
  readonly #writers = new SlotTable<Author>(defaultLimits.writerSlotsMax, 'writer', last)
  readonly #own = new Set<WriterId>()
  #cursor = 0

  constructor(engine: Engine) {
    this.note = openNote(engine)
  }

  receive(bytes: Uint8Array): void {
    const decoded = decodeServerFrame(bytes, defaultLimits)
    assert(decoded.ok)
    this.#take(decoded.value)
  }

  #take(frame: ServerFrame): void {
    if (frame.kind === 'documents')
      for (const declaration of frame.documents) assert(this.#documents.declare(declaration.slot, declaration).ok)
    if (frame.kind === 'writer') assert(this.#writers.declare(frame.slot, frame).ok)
    if (frame.kind !== 'range') return
    const whole = this.#joiner.join(frame)
    assert(whole.ok)
    if (whole.value !== undefined) this.#range(whole.value)
  }

  #range({ from, token, entries }: RangeFrame): void {
    const to = seqOf(token)
    if (to <= this.#cursor) return
    assert(from <= this.#cursor, 'something before this range is missing')
    const changed = new Map<DocumentKey, Update[]>()
    for (const entry of entries) {
      const document = this.#documents.get(entry.document)
      assert(document.ok)
      if (entry.kind !== 'snapshot') {
        const author = this.#writers.get(entry.writer)
        assert(author.ok)
        if (this.#own.has(author.value.writer)) continue
      }
      const key = documentKey(document.value.address)
      const updates = changed.get(key) ?? []
      changed.set(key, updates)
      // Bytes of the frame are a view into a larger buffer, which what is kept of them must not keep alive.
      updates.push({ encoding: entry.encoding, bytes: entry.bytes.slice() })
    }
    this.#cursor = to
    for (const [key, updates] of changed) this.note.apply(parseDocumentKey(key), updates)
    for (const tell of this.watchers) tell()
  }
}

interface Author {
  readonly writer: WriterId
  readonly user: UserId
}

const last = <T>(_old: T, declared: T): T => declared
