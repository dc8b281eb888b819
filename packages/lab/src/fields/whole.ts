import { register } from '@rejoin/schema'
import type { FieldDeclaration, Json, Policy, RegisterDraft } from '@rejoin/schema'
import type { Deed } from './deed.ts'
import type { FieldKind, Shape, Value } from './shape.ts'
import { unitsOfSymbol } from './symbols.ts'

/** Each field one value. */
export const declareWhole = (
  shape: Shape,
  registers: Policy<Json> = 'last-write-wins',
): Record<string, FieldDeclaration> =>
  Object.fromEntries(Object.keys(shape).map((name) => [name, register().conflicts(registers)]))

type Fields = Readonly<Record<string, unknown>>

/** Reads what is shown, changes it, and writes it back; what it names and is not there any more, or is so already, is left alone. */
export function doWhole(draft: Fields, shape: Shape, deed: Exclude<Deed, { do: 'delete' }>): void {
  const field = draft[deed.field] as RegisterDraft<unknown, unknown>
  const kind = shape[deed.field]?.kind ?? 'value'
  const shown = (field.value ?? emptyOf(kind)) as Value
  const next = changed(shown, deed)
  if (next !== shown) field.set(next)
}

/** What a field shows that nobody has written. */
export function emptyOf(kind: FieldKind): Value {
  switch (kind) {
    case 'value':
    case 'status':
      return undefined
    case 'counter':
      return 0
    case 'set':
    case 'order':
    case 'log':
      return []
    case 'votes':
      return {}
    case 'text':
      return ''
  }
}

function changed(shown: Value, deed: Exclude<Deed, { do: 'delete' }>): Value {
  switch (deed.do) {
    case 'set':
      return deed.value
    case 'add':
      return (shown as number) + deed.amount
    case 'vote':
      return voted(shown as Readonly<Record<string, number>>, deed)
    case 'type':
    case 'erase':
      return rewritten(shown as string, deed)
    default:
      return relisted(shown as readonly string[], deed)
  }
}

const voted = (shown: Readonly<Record<string, number>>, { by, stars }: Deed & { do: 'vote' }): Value =>
  shown[by] === stars ? shown : { ...shown, [by]: stars }

function relisted(
  shown: readonly string[],
  deed: Deed & { do: 'put' | 'take' | 'append' | 'place' | 'move' | 'remove' },
): readonly string[] {
  switch (deed.do) {
    case 'append':
      return [...shown, deed.line]
    case 'put':
      return shown.includes(deed.element) ? shown : [...shown, deed.element]
    case 'take':
      return without(shown, deed.element)
    case 'remove':
      return without(shown, deed.item)
    case 'place':
    case 'move': {
      const at = shown.indexOf(deed.item)
      if (deed.after === deed.item || (deed.do === 'move' && at < 0)) return shown
      const rest = without(shown, deed.item)
      const index = deed.after === null ? 0 : rest.indexOf(deed.after) + 1
      return index === at ? shown : [...rest.slice(0, index), deed.item, ...rest.slice(index)]
    }
  }
}

const without = (shown: readonly string[], element: string): readonly string[] =>
  shown.includes(element) ? shown.filter((each) => each !== element) : shown

function rewritten(shown: string, deed: Deed & { do: 'type' | 'erase' }): string {
  if (deed.do === 'erase') {
    const gone = new Set(deed.symbols)
    return [...shown].filter((symbol) => !gone.has(symbol)).join('')
  }
  const found = deed.after === null ? -1 : shown.indexOf(deed.after)
  const at = found < 0 ? 0 : found + unitsOfSymbol
  return shown.slice(0, at) + deed.symbols + shown.slice(at)
}
