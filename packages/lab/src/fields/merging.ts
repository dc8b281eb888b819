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

/** Does it as an app on Rejoin does. What it names and is not there any more is left alone, and so is what is so already. */
export function doMerging(draft: Fields, deed: Exclude<Deed, { do: 'delete' }>): void {
  const field = draft[deed.field]
  switch (deed.do) {
    case 'set':
      return assign(field as RegisterDraft<unknown, unknown>, deed.value)
    case 'add':
      return count(field as CounterDraft, deed.amount)
    case 'put':
      return put(field as SetDraft<unknown, unknown>, deed.element)
    case 'take':
      return (field as SetDraft<unknown, unknown>).delete(deed.element)
    case 'append':
      return (field as ListDraft<unknown, unknown>).push(deed.line)
    case 'vote':
      return elect(field as MapDraft<unknown, unknown>, deed)
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

const assign = (field: RegisterDraft<unknown, unknown>, value: string): void =>
  field.value === value ? undefined : field.set(value)

const count = (field: CounterDraft, amount: number): void => (amount === 0 ? undefined : field.add(amount))

const put = (field: SetDraft<unknown, unknown>, element: string): void =>
  field.has(element) ? undefined : field.add(element)

const elect = (field: MapDraft<unknown, unknown>, { by, stars }: Deed & { do: 'vote' }): void =>
  field.get(by) === stars ? undefined : field.set(by, stars)

function arrange(items: MovableListDraft<unknown, unknown>, deed: Deed & { do: 'place' | 'move' | 'remove' }): void {
  const values = items.values()
  const at = values.indexOf(deed.item)
  if (deed.do === 'remove') return at < 0 ? undefined : items.delete(at)
  if (deed.after === deed.item) return
  const index = deed.after === null ? 0 : values.indexOf(deed.after) + 1
  if (at < 0) {
    if (deed.do === 'place') items.insert(index, deed.item)
    return
  }
  // Whatever stands in front of where it goes comes forward by one when it is taken out.
  const to = at < index ? index - 1 : index
  if (to !== at) items.move(at, to)
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
