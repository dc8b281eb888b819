/** What the fields of an entity are, in the words of the app that has them. */
export type Shape = Readonly<Record<string, FieldShape>>

export type FieldShape =
  /** One value, such as a title. */
  | { readonly kind: 'value' }
  /** One of these, which never goes back. */
  | { readonly kind: 'status'; readonly steps: readonly string[] }
  /** A number that people add to. */
  | { readonly kind: 'counter' }
  /** Elements that are there or not. */
  | { readonly kind: 'set' }
  /** Items, each there once, in an order that people change. */
  | { readonly kind: 'order' }
  /** Lines that are only ever added. */
  | { readonly kind: 'log' }
  /** One number for each user. */
  | { readonly kind: 'votes' }
  /** Characters; each that is typed is one that nobody else types, see `symbols.ts`. */
  | { readonly kind: 'text' }

export type FieldKind = FieldShape['kind']

/** What an entity shows, by field: a text, a number, a list of texts, or numbers by user. */
export type Shown = Readonly<Record<string, Value>>
export type Value = string | number | readonly string[] | Readonly<Record<string, number>> | undefined
