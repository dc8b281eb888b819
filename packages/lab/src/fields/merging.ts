import { counter, list, map, movableList, register, set, text } from '@rejoin/schema'
import type {
  CounterDraft,
  FieldDeclaration,
  ListDraft,
  MapDraft,
  MovableListDraft,
  RegisterDraft,
  SetDraft,
  TextDraft,
} from '@rejoin/schema'
import type { Deed } from './deed.ts'
import type { FieldShape, Shape } from './shape.ts'
import { unitsOfSymbol } from './symbols.ts'

/** Each field of the kind that fits it. */
export const declareMerging = (shape: Shape): Record<string, FieldDeclaration> =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, declared(field)]))

function declared(field: FieldShape): FieldDeclaration {
  switch (field.kind) {
    case 'value':
      return register()
    case 'status':
      return register().conflicts({ order: field.steps })
    case 'counter':
      return counter()
    case 'set':
      return set()
    case 'order':
      return movableList()
    case 'log':
      return list()
    case 'votes':
      return map()
    case 'text':
      return text()
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Does it as an app on Rejoin does. What it names and is not there any more is left alone. */
export function doMerging(draft: Fields, deed: Exclude<Deed, { do: 'delete' }>): void {
  const field = draft[deed.field]
  switch (deed.do) {
    case 'set':
      return (field as RegisterDraft<unknown, unknown>).set(deed.value)
    case 'add':
      return (field as CounterDraft).add(deed.amount)
    case 'put':
      return (field as SetDraft<unknown, unknown>).add(deed.element)
    case 'take':
      return (field as SetDraft<unknown, unknown>).delete(deed.element)
    case 'append':
      return (field as ListDraft<unknown, unknown>).push(deed.line)
    case 'vote':
      return (field as MapDraft<unknown, unknown>).set(deed.by, deed.stars)
    case 'place':
    case 'move':
    case 'remove':
      return arrange(field as MovableListDraft<unknown, unknown>, deed)
    case 'type':
      return (field as TextDraft).insert(behind(String(field), deed.after), deed.symbols)
    case 'erase':
      return erase(field as TextDraft, deed.symbols)
  }
}

function arrange(items: MovableListDraft<unknown, unknown>, deed: Deed & { do: 'place' | 'move' | 'remove' }): void {
  const values = items.values()
  const at = values.indexOf(deed.item)
  if (deed.do === 'remove') return at < 0 ? undefined : items.delete(at)
  const index = deed.after === null ? 0 : values.indexOf(deed.after) + 1
  if (deed.do === 'place') items.insert(index, deed.item)
  // Whatever stands in front of where it goes comes forward by one when it is taken out.
  else if (at >= 0) items.move(at, at < index ? index - 1 : index)
}

const behind = (text: string, symbol: string | null): number => {
  const at = symbol === null ? -1 : text.indexOf(symbol)
  return at < 0 ? 0 : at + unitsOfSymbol
}

function erase(field: TextDraft, symbols: string): void {
  let text = String(field)
  for (const symbol of symbols) {
    const at = text.indexOf(symbol)
    if (at < 0) continue
    field.delete(at, unitsOfSymbol)
    text = text.slice(0, at) + text.slice(at + unitsOfSymbol)
  }
}
