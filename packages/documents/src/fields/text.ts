import { badValue, isWellFormed } from '@rejoin/schema'
import type { TextDraft } from '@rejoin/schema'
import type { DraftText } from '../draft/sequence.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { checkIndex, checkRun } from './arguments.ts'
import type { KindRules } from './kind.ts'

/** A document of its own, merged by character. Indexes and lengths are in UTF-16 code units. */
export const textRules: KindRules = {
  keys: 'none',
  draft: (access) => new TextField(access),
  initialise: (access, value) => new TextField(access).insert(0, value),
  read({ document, textMax }) {
    if (document === undefined) return ''
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
  readonly #access: FieldAccess

  constructor(access: FieldAccess) {
    this.#access = access
  }

  get length(): number {
    this.#access.reading()
    return this.#text.length
  }

  toString(): string {
    this.#access.reading()
    return this.#text.read()
  }

  insert(index: number, text: unknown): void {
    this.#access.writing()
    checkIndex(this.#access.field, index, this.#text.length)
    if (typeof text !== 'string') throw badValue(this.#access.field, `${typeof text} is not text`)
    if (!isWellFormed(text)) throw badValue(this.#access.field, 'the text holds half of a surrogate pair')
    if (text === '') return
    this.#refuseInsidePair(index)
    this.#text.insert(index, text)
  }

  delete(index: number, count: number): void {
    this.#access.writing()
    checkRun(this.#access.field, index, count, this.#text.length)
    if (count === 0) return
    this.#refuseInsidePair(index, index + count)
    this.#text.delete(index, count)
  }

  /** Half a pair has no form in UTF-8: other replicas would read something else. */
  #refuseInsidePair(...indexes: number[]): void {
    const { field, scope } = this.#access
    if (scope.unchecked === undefined) {
      scope.unchecked = this.#access
      return
    }
    const inside = indexes.find((index) => this.#text.insidePair(index))
    if (inside !== undefined) throw badValue(field, `index ${inside} is between the halves of a surrogate pair`)
  }

  get #text(): DraftText {
    return this.#access.document.text
  }
}
