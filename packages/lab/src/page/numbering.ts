import { invariant } from '@rejoin/base'
import type { Section } from './page.ts'
import type { Names } from './text.ts'

interface Counted {
  readonly kind: 'Figure' | 'Table'
  readonly id: string | undefined
}

/** In the order of reading. */
const countedIn = (sections: readonly Section[]): Counted[] =>
  sections.flatMap(({ blocks, sections: inner = [] }) => [
    ...blocks.flatMap((block): Counted[] => {
      if (block.kind === 'table') return [{ kind: 'Table', id: block.id }]
      return block.kind === 'figures' ? block.figures.map(({ id }) => ({ kind: 'Figure', id })) : []
    }),
    ...countedIn(inner),
  ])

/** Of those that can be referred to. */
export function namesIn(sections: readonly Section[]): Names {
  const names = new Map<string, string>()
  const name = namer()
  for (const { kind, id } of countedIn(sections)) {
    const next = name(kind)
    if (id === undefined) continue
    invariant(/^[a-z][a-z0-9-]*$/i.test(id), 'an id is made of letters, digits and hyphens')
    invariant(!names.has(id) && !id.startsWith('section-'), `the id ${id} is there twice`)
    names.set(id, next)
  }
  return names
}

export function namer(): (kind: Counted['kind']) => string {
  const counts = { Figure: 0, Table: 0 }
  return (kind) => `${kind} ${(counts[kind] += 1)}`
}
