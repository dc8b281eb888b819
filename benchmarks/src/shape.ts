/** Reads a value that came out of a file, or throws a clause that says where it is not as it should be. */
export type Reader<T> = (value: unknown, place: string) => T

export const text: Reader<string> = (value, place) => (typeof value === 'string' ? value : wrong(place, 'a text'))

/** What JSON could not write as a number was none. */
export const number: Reader<number> = (value, place) => {
  if (value === null) return Number.NaN
  return typeof value === 'number' ? value : wrong(place, 'a number')
}

export const truth: Reader<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : wrong(place, 'true or false')

export const oneOf =
  <const T extends string>(...texts: readonly T[]): Reader<T> =>
  (value, place) =>
    texts.find((known) => known === value) ?? wrong(place, texts.map((known) => `“${known}”`).join(' or '))

export const either =
  <A, B>(one: Reader<A>, other: Reader<B>): Reader<A | B> =>
  (value, place) => {
    try {
      return one(value, place)
    } catch {
      return other(value, place)
    }
  }

/** A property that may be missing. */
export interface Optional<T> {
  readonly optional: Reader<T>
}

export const optional = <T>(reader: Reader<T>): Optional<T> => ({ optional: reader })

export const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (value, place) =>
    Array.isArray(value)
      ? value.map((each: unknown, i) => item(each, `number ${i + 1} of ${place}`))
      : wrong(place, 'a list')

export const record =
  <T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, place) =>
    Object.fromEntries(
      Object.entries(properties(value, place)).map(([key, each]) => [key, item(each, `“${key}” of ${place}`)]),
    )

type Properties = Readonly<Record<string, Reader<unknown> | Optional<unknown>>>

type Read<P extends Properties> = {
  readonly [K in keyof P as P[K] extends Optional<unknown> ? never : K]: P[K] extends Reader<infer T> ? T : never
} & {
  readonly [K in keyof P as P[K] extends Optional<unknown> ? K : never]?: P[K] extends Optional<infer T> ? T : never
}

export const object =
  <const P extends Properties>(shape: P): Reader<Read<P>> =>
  (value, place) => {
    const given = properties(value, place)
    const read = Object.entries(shape).flatMap(([key, property]): [string, unknown][] => {
      const reader = typeof property === 'function' ? property : property.optional
      if (typeof property !== 'function' && given[key] === undefined) return []
      return [[key, reader(given[key], `“${key}” of ${place}`)]]
    })
    return Object.fromEntries(read) as Read<P>
  }

function properties(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(place, 'an object')
  return value as Record<string, unknown>
}

function wrong(place: string, wanted: string): never {
  throw new Error(`${place} is not ${wanted}`)
}
