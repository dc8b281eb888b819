import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import type { Page } from '../world/entity.ts'

interface Graded {
  readonly grade: number
  /** `lost` if the server died before it answered: written or not. */
  end: 'lost' | 'stored' | 'refused'
}

/** What the server was told to write in its own part. One caller, so the last grade is the greatest. */
export class Grades {
  readonly #graded = new Map<string, { readonly place: Place; readonly grades: Graded[] }>()
  #last = 0

  /** Notes a grade that is about to be written. Tell its end, if one is heard. */
  begin(place: Place): Graded {
    this.#last += 1
    const graded: Graded = { grade: this.#last, end: 'lost' }
    const known = this.#graded.get(nameOf(place)) ?? { place, grades: [] }
    this.#graded.set(nameOf(place), known)
    known.grades.push(graded)
    return graded
  }

  judge(pageOf: (place: Place) => Page | undefined): readonly string[] {
    const wrong: string[] = []
    for (const { place, grades } of this.#graded.values()) {
      const last = grades.findLastIndex(({ end }) => end === 'stored')
      const allowed: unknown[] = grades.filter(({ end }, i) => i >= last && end !== 'refused').map(({ grade }) => grade)
      if (last === -1) allowed.push(undefined)
      const page = pageOf(place)
      // An entity whose making was refused shows no grade either.
      if (page === undefined) continue
      const { grade } = page
      if (!allowed.includes(grade))
        wrong.push(`[I1] ${nameOf(place)} is graded ${String(grade)}, not ${allowed.join(' or ')}`)
    }
    return wrong
  }
}
