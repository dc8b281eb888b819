import { badValue, isWellFormed } from '@rejoin/schema'
import type { Field, TextDraft } from '@rejoin/schema'
import type { DraftText } from '../draft-sequence.ts'
import type { EditScope } from '../draft-scope.ts'
import type { EntityDocument } from '../entity-documents.ts'
import { checkIndex, checkRun } from './arguments.ts'
import type { KindRules } from './kind.ts'

/** A document of its own, merged by character. Indexes and lengths are in UTF-16 code units. */
export const textRules: KindRules = {
  keys: 'none',
  draft: (field, scope) => new TextField(field, scope),
  initialise: (field, scope, value) => new TextField(field, scope).insert(0, value),
  read(field, { documents, textMax }) {
    const document = documents.of(field)
    if (!document.opened) return ''
    return textMax === undefined ? document.text.read() : cut(document.text.read(textMax), textMax)
  },
}

/** The first `max` units, without half a character at the end. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}

class TextField implements TextDraft {
  readonly #field: Field
  readonly #scope: EditScope
  readonly #document: EntityDocument

  constructor(field: Field, scope: EditScope) {
    this.#field = field
    this.#scope = scope
    this.#document = scope.documents.of(field)
  }

  get length(): number {
    this.#scope.reading()
    return this.#text.length
  }

  toString(): string {
    this.#scope.reading()
    return this.#text.read()
  }

  insert(index: number, text: unknown): void {
    this.#scope.writing(this.#field)
    checkIndex(this.#field, index, this.#text.length)
    if (typeof text !== 'string') throw badValue(this.#field, `${typeof text} is not text`)
    if (!isWellFormed(text)) throw badValue(this.#field, 'the text holds half of a surrogate pair')
    if (text === '') return
    this.#refuseInsidePair(index)
    this.#text.insert(index, text)
  }

  delete(index: number, count: number): void {
    this.#scope.writing(this.#field)
    checkRun(this.#field, index, count, this.#text.length)
    if (count === 0) return
    this.#refuseInsidePair(index, index + count)
    this.#text.delete(index, count)
  }

  /** Half a pair has no form in UTF-8: other replicas would read something else. */
  #refuseInsidePair(...indexes: number[]): void {
    if (this.#scope.unchecked === undefined) {
      this.#scope.unchecked = this.#field
      return
    }
    const inside = indexes.find((index) => this.#text.insidePair(index))
    if (inside !== undefined) throw badValue(this.#field, `index ${inside} is between the halves of a surrogate pair`)
  }

  get #text(): DraftText {
    return this.#document.text
  }
}
