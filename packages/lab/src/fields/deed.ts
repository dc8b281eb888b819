/**
 * What a person does to a field. Things are named by what they are and not by where they stand, so that everybody can
 * tell at the end what has become of each: whoever does it names what the device shows.
 */
export type Deed =
  /** A value or status. */
  | { readonly do: 'set'; readonly field: string; readonly value: string }
  /** A counter. */
  | { readonly do: 'add'; readonly field: string; readonly amount: number }
  /** A set. */
  | { readonly do: 'put' | 'take'; readonly field: string; readonly element: string }
  /** An order: a new item, or one that is there, comes behind another, or first. */
  | ({ readonly do: 'place' | 'move'; readonly field: string; readonly item: string } & Spot)
  | { readonly do: 'remove'; readonly field: string; readonly item: string }
  | { readonly do: 'append'; readonly field: string; readonly line: string }
  | { readonly do: 'vote'; readonly field: string; readonly by: string; readonly stars: number }
  /** A text: new symbols, one behind another, come behind a symbol, or first. */
  | ({ readonly do: 'type'; readonly field: string; readonly symbols: string } & Spot)
  | { readonly do: 'erase'; readonly field: string; readonly symbols: string }
  /** The entity as a whole. */
  | { readonly do: 'delete' }

/** A place in an order or a text, by what the person saw on either side of it. */
export interface Spot {
  /** Comes behind this; null: comes first. */
  readonly after: string | null
  /** What stood there before comes behind it; null: nothing did. No device needs it: it tells the judge what was meant. */
  readonly before: string | null
}

/** Behind that one, among those that are there. */
export const behind = (there: readonly string[], after: string | null): Spot => ({
  after,
  before: there[after === null ? 0 : there.indexOf(after) + 1] ?? null,
})
