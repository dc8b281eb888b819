import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { GapBuffer, outside, pointsOf, replay } from '@rejoin/lab/trace'
import type { Patch } from '@rejoin/lab/trace'

/** Whether every character of the session is one UTF-16 unit, so that positions need no conversion. */
export type Units = 'one-each' | 'mixed'

/** One author of the session, at a replica of its own. */
export class Author {
  readonly document: EngineDocument
  readonly #units: Units
  /** The text in code points; forgotten when others have changed it. */
  #model: GapBuffer | undefined

  constructor(engine: Engine, client: number, units: Units) {
    this.document = engine.create()
    this.document.setClient(client)
    this.#units = units
  }

  take(updates: readonly Update[]): void {
    if (updates.length === 0) return
    this.document.apply(updates)
    this.#model = undefined
  }

  /** Makes the patches of one transaction; undefined if they change nothing. The error is a clause about a patch. */
  write(patches: readonly Patch[]): Result<Update | undefined, string> {
    let wrong: string | undefined
    const update = this.document.transact(() => {
      for (const patch of patches) {
        const inUnits = this.#inUnits(patch)
        if (!inUnits.ok) return void (wrong = inUnits.error)
        this.#make(inUnits.value)
      }
    })
    return wrong === undefined ? ok(update) : err(wrong)
  }

  #make([at, deleted, inserted]: Patch): void {
    const { text } = this.document
    if (deleted > 0) text.delete(at, deleted)
    if (inserted !== '') text.insert(at, inserted)
  }

  #inUnits(patch: Patch): Result<Patch, string> {
    const { text } = this.document
    if (this.#units === 'mixed') return replay((this.#model ??= new GapBuffer(pointsOf(text.read()))), patch)
    return patch[0] + patch[1] > text.length ? err(outside(patch, text.length)) : ok(patch)
  }
}
