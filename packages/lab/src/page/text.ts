import { invariant } from '@rejoin/base'
import { escaped } from './escape.ts'

/** A sentence, or pieces of one. Strings are shown as they are: nothing in them is markup. */
export type Text = string | readonly Piece[]

export type Piece =
  | string
  | { readonly strong: string }
  | { readonly code: string }
  /** To another page, or with `#` to a place of this one. */
  | { readonly link: string; readonly to: string }
  /** The number of the figure or table with this id: “Figure 3”. */
  | { readonly see: string }

/** “Figure 3” by id. */
export type Names = ReadonlyMap<string, string>

export function textHtml(text: Text, names: Names): string {
  return (typeof text === 'string' ? [text] : text).map((piece) => pieceHtml(piece, names)).join('')
}

function pieceHtml(piece: Piece, names: Names): string {
  if (typeof piece === 'string') return escaped(piece)
  if ('strong' in piece) return `<strong>${escaped(piece.strong)}</strong>`
  if ('code' in piece) return `<code>${escaped(piece.code)}</code>`
  if ('see' in piece) return `<a href="#${escaped(piece.see)}">${nameOf(piece.see, names)}</a>`
  return `<a href="${escaped(linkTo(piece.to))}">${escaped(piece.link)}</a>`
}

export function linkTo(address: string): string {
  invariant(/^(?:https:\/\/|#)/.test(address), 'a link leads to an https page or a place of this one')
  return address
}

export function nameOf(id: string, names: Names): string {
  const name = names.get(id)
  invariant(name !== undefined, `no figure and no table has the id ${id}`)
  return name
}
