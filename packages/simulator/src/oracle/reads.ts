import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import type { Page } from '../world/entity.ts'
import { marksIn } from './marks.ts'
import { isSeen } from './oracle.ts'
import type { Made, Oracle } from './oracle.ts'

/**
 * What a replica has shown it goes on showing, over crashes too, and what it has on disk it shows. Only its own
 * writes may go: with a crash that came before the disk had them, or by a refusal.
 */
export class Reads {
  readonly #oracle: Oracle
  readonly #seen = new Map<string, Set<string>>()
  /** Whose writes a clone has for its own. */
  readonly #originals = new Map<string, string>()

  constructor(oracle: Oracle) {
    this.#oracle = oracle
  }

  /** Takes note of a page. Returns what is wrong with it, and own writes that are missing unless they were refused. */
  read(
    replica: string,
    place: Place,
    page: Page,
  ): { readonly wrong: readonly string[]; readonly missing: readonly Made[] } {
    const marks = marksIn(page)
    const wrong: string[] = []
    const missing: Made[] = []
    const name = `${replica}|${nameOf(place)}`
    const seen = this.#seen.get(name) ?? new Set<string>()
    const own: readonly (string | undefined)[] = [replica, this.#originals.get(replica)]
    for (const mark of seen)
      if (!marks.has(mark) && !own.includes(this.#oracle.byMark(mark)?.replica ?? ''))
        wrong.push(`[I7] ${replica} showed ${mark} in ${nameOf(place)} and shows it no more`)
    for (const made of this.#oracle.at(place))
      if (made.replica === replica && made.device && !made.loose && isSeen(made) && !marks.has(made.mark))
        missing.push(made)
    for (const mark of marks) seen.add(mark)
    this.#seen.set(name, seen)
    return { wrong, missing }
  }

  /** From now on the writes of `original` are the clone's own too, and may be refused to it. */
  cloned(clone: string, original: string): void {
    this.#originals.set(clone, original)
  }

  /** The replica has dropped its copies of the space, or of all of them. */
  forget(replica: string, space?: string): void {
    const begins = space === undefined ? `${replica}|` : `${replica}|${space}/`
    for (const name of [...this.#seen.keys()]) if (name.startsWith(begins)) this.#seen.delete(name)
  }
}
