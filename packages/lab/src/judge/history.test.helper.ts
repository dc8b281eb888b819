import type { Deed } from '../fields/deed.ts'
import type { FieldShape, Value } from '../fields/shape.ts'
import type { Edit } from '../ledger/edit.ts'
import { judgeEntity } from './judge.ts'
import type { EntityJudgement } from './judge.ts'
import type { Tally } from './tally.ts'
import { nothing } from './tally.ts'

/**
 * What people did, written as one edit a line, in the order of true time: `b a1: put x; take y` is done by b, who has
 * seen the first edit of a, with all that a had seen then, and of course what b did before. `a founding: put x`: that was there when people began.
 */
export function history(text: string): readonly Edit[] {
  const lines = text.trim().split('\n')
  const authors = [...new Set(lines.map((line) => line.trim().charAt(0)))].toSorted()
  const edits: Edit[] = []
  const last = (author: number): Edit | undefined => edits.findLast((edit) => edit.author === author)
  const at = (name: string): Edit => {
    const found = edits.find(({ author, nth }) => `${authors[author]}${nth}` === name)
    if (found === undefined) throw new Error(`There is no edit ${name} before.`)
    return found
  }
  for (const [index, line] of lines.entries()) {
    const [head = '', deeds = ''] = line.trim().split(':')
    const [name = '', ...words] = head.split(' ')
    const news = words.filter((word) => word !== 'founding')
    const founding = news.length < words.length
    const author = authors.indexOf(name)
    const known = [...(last(author) === undefined ? [] : [last(author) as Edit]), ...news.map(at)]
    const seen = authors.map((_, device) =>
      Math.max(0, ...known.map((edit) => (edit.author === device ? edit.nth : (edit.seen[device] ?? 0)))),
    )
    const nth = (last(author)?.nth ?? 0) + 1
    edits.push({ author, nth, atMs: index, entity: 'e', deeds: deeds.split(';').map(deedOf), founding, seen })
  }
  return edits
}

/** `type abc after x`, `move x first before y`, `vote ann 5`, and so on. */
function deedOf(text: string): Deed {
  const [what = '', name = '', where = '', ...more] = text.trim().split(' ')
  const beside = (side: string): string | null =>
    /^\S+/.exec([where, ...more].join(' ').split(`${side} `)[1] ?? '')?.[0] ?? null
  const spot = { after: beside('after'), before: beside('before') }
  const field = 'f'
  switch (what) {
    case 'set':
      return { do: 'set', field, value: name }
    case 'add':
      return { do: 'add', field, amount: Number(name) }
    case 'put':
    case 'take':
      return { do: what, field, element: name }
    case 'append':
      return { do: 'append', field, line: name }
    case 'place':
    case 'move':
      return { do: what, field, item: name, ...spot }
    case 'remove':
      return { do: 'remove', field, item: name }
    case 'vote':
      return { do: 'vote', field, by: name, stars: Number(where) }
    case 'type':
      return { do: 'type', field, symbols: name, ...spot }
    case 'erase':
      return { do: 'erase', field, symbols: name }
    case 'delete':
      return { do: 'delete' }
    default:
      throw new Error(`Nobody can ${what}.`)
  }
}

/** What is to be said of a field that shows this, or these versions. */
export function judged(
  kind: FieldShape['kind'] | FieldShape,
  text: string,
  ...versions: readonly Value[]
): EntityJudgement {
  const shape = (typeof kind === 'string' ? { kind } : kind) as FieldShape
  return judgeEntity({ shape: { f: shape }, edits: history(text), isShown: true, versions: { f: versions } })
}

/** All that is not named is none. */
export const tally = (some: Partial<Tally>): EntityJudgement['tally'] => ({ ...nothing, ...some })
