import { badValue, isKey, isWellFormed, toJson } from '@rejoin/schema'
import type { MarkedRun, Marks, RichTextDraft } from '@rejoin/schema'
import type { DraftRichText } from '../draft/rich-text.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { checkIndex, checkRun } from './arguments.ts'
import type { KindRules } from './kind.ts'

/** The greatest length of a mark's name, in UTF-16 code units. */
const nameMax = 64

/** A text whose ranges carry marks, in a document of its own. Indexes and lengths are in UTF-16 code units. */
export const richTextRules: KindRules = {
  keys: 'none',
  draft: (access) => new RichTextField(access),
  initialise: (access, value) => new RichTextField(access).fill(value),
  read: ({ document, textMax }) => (document === undefined ? [] : document.richText.runs(textMax)),
}

class RichTextField implements RichTextDraft {
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

  runs(): readonly MarkedRun[] {
    this.#access.reading()
    return this.#text.runs()
  }

  insert(index: number, text: unknown, marks?: Marks): void {
    this.#access.writing()
    const { field } = this.#access
    checkIndex(field, index, this.#text.length)
    if (typeof text !== 'string') throw badValue(field, `${typeof text} is not text`)
    if (!isWellFormed(text)) throw badValue(field, 'the text holds half of a surrogate pair')
    this.#refuseInsidePair(index)
    const accepted = marks === undefined ? undefined : this.#acceptMarks(marks)
    if (text !== '') this.#text.insert(index, text, accepted)
  }

  delete(index: number, count: number): void {
    this.#access.writing()
    checkRun(this.#access.field, index, count, this.#text.length)
    this.#refuseInsidePair(index, index + count)
    this.#text.delete(index, count)
  }

  format(index: number, count: number, marks: Marks): void {
    this.#access.writing()
    checkRun(this.#access.field, index, count, this.#text.length)
    this.#refuseInsidePair(index, index + count)
    this.#text.format(index, count, this.#acceptMarks(marks))
  }

  /** A plain text, or runs, given unchecked. */
  fill(value: unknown): void {
    if (!Array.isArray(value)) return this.insert(0, value, {})
    for (const run of value as readonly unknown[]) {
      if (typeof run !== 'object' || run === null || !('text' in run))
        throw badValue(this.#access.field, 'a rich text is given as a text, or as runs of { text, marks }')
      this.insert(this.#text.length, run.text, 'marks' in run ? (run.marks as Marks) : {})
    }
  }

  #acceptMarks(marks: unknown): Marks {
    const { field } = this.#access
    const json = toJson(marks)
    if (!json.ok) throw badValue(field, json.error)
    const { value } = json
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw badValue(field, 'marks are given as an object')
    const wrong = Object.keys(value).find((name) => name === '' || name.length > nameMax || !isKey(name))
    if (wrong !== undefined) throw badValue(field, `a mark's name is a text of 1 to ${nameMax} characters`)
    return value as Marks
  }

  /** Half a pair has no form in UTF-8: other replicas would read something else. */
  #refuseInsidePair(...indexes: number[]): void {
    // The ends are outside, and a long text that is only added to is not read.
    const between = indexes.filter((index) => index > 0 && index < this.#text.length)
    if (between.length === 0) return
    const text = this.#text.read()
    const inside = between.find((index) => /[\udc00-\udfff]/.test(text.charAt(index)))
    if (inside === undefined) return
    throw badValue(this.#access.field, `index ${inside} is between the halves of a surrogate pair`)
  }

  get #text(): DraftRichText {
    return this.#access.document.richText
  }
}
