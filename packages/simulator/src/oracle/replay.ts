import type { Page } from '../world/entity.ts'
import { readBare } from './bare/bare.ts'
import type { Bare } from './bare/bare.ts'
import type { TapeRow } from './tape.ts'

/** The naive reading of a log: every entry it ever had, given to the bare library that its document is of. */
export class Replay {
  readonly #documents = new Map<string, Bare>()

  constructor(rows: readonly TapeRow[]) {
    const rowsOf = new Map<string, TapeRow[]>()
    for (const row of rows) {
      if (row.kind !== 'update') continue
      const known = rowsOf.get(row.document)
      if (known === undefined) rowsOf.set(row.document, [row])
      else known.push(row)
    }
    for (const [document, known] of rowsOf) this.#documents.set(document, readBare(document, known))
  }

  /** What the page of an entity must say. `entity` is `notes/id`. */
  wrongIn(entity: string, page: Page): readonly string[] {
    const wrong: string[] = []
    for (const [name, { waits }] of this.#documents)
      if (name.startsWith(`${entity}/`) && waits) wrong.push(`[I3] the log of ${name} waits for what it never got`)
    const marks = this.#keys(entity, 'marks/').map((key) => String(JSON.parse(key)))
    const expect = (field: string, shown: unknown, logged: unknown): void => {
      const [a, b] = [JSON.stringify(shown ?? null), JSON.stringify(logged)]
      if (a !== b) wrong.push(`[I14] ${entity} has ${field} ${a.slice(0, 80)}, the log ${b.slice(0, 80)}`)
    }
    expect('marks', page.marks.map(String).sort(), marks.sort())
    const among = (field: string, shown: unknown, values: readonly unknown[]): void => {
      if (!values.includes(shown)) expect(field, shown, values)
    }
    among('title', page.title, this.#latest(`${entity}/shared/`, 'title'))
    among('state', page.state, this.#latest(`${entity}/shared/`, 'state'))
    expect('best', page.best, this.#greatest(entity, 'best'))
    expect('order', (page.order ?? []).map(String).sort(), this.#items(entity, 'order').sort())
    for (const [name] of this.#documents) {
      const user = name.startsWith(`${entity}/owner:`) ? name.slice(`${entity}/owner:`.length, -1) : undefined
      if (user !== undefined) among(`rating of ${user}`, page.rating?.[user], this.#latest(name, 'rating'))
    }
    if (page.body !== undefined) expect('body', page.body, this.#doc(entity, 'body')?.text ?? '')
    if (page.steps !== undefined) expect('steps', page.steps, this.#doc(entity, 'steps')?.list ?? [])
    return wrong
  }

  #doc(entity: string, field: string): Bare | undefined {
    return this.#documents.get(`${entity}/shared/${field}`)
  }

  #registers(document: string): Bare['registers'] {
    return this.#documents.get(document)?.registers ?? []
  }

  #keys(entity: string, prefix: string): readonly string[] {
    const keys = this.#registers(`${entity}/shared/`).map(([key]) => key)
    return [...new Set(keys.filter((key) => key.startsWith(prefix)))].map((key) => key.slice(prefix.length))
  }

  /** The values with the greatest stamp; which of them wins is told by ids, and not checked here. */
  #latest(document: string, field: string): readonly unknown[] {
    const written = this.#registers(document).filter(([key]) => key === field)
    const greatest = written.reduce((max, [, stamp]) => Math.max(max, stamp), 0)
    return written.length === 0
      ? [undefined]
      : written.filter(([, stamp]) => stamp === greatest).map(([, , value]) => value)
  }

  #greatest(entity: string, field: string): unknown {
    const written = this.#registers(`${entity}/shared/`).filter(([key]) => key === field)
    return written.length === 0 ? null : Math.max(...written.map(([, , value]) => Number(value)))
  }

  /** The values of what is in an order, once also what two copies of a store made again. Places are not compared here. */
  #items(entity: string, field: string): string[] {
    const items = this.#registers(`${entity}/shared/`).filter(([key]) => new RegExp(`^${field}/[^/]+$`).test(key))
    return [...new Map(items.map(([key, , item]) => [key, String((item as readonly unknown[])[0])])).values()]
  }
}
