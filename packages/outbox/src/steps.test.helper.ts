type Method = (...given: unknown[]) => unknown

const counted = ['get', 'has', 'set', 'add', 'delete'] as const
const walks = ['keys', 'values', 'entries', 'forEach'] as const

/**
 * How many things `run` looked up in maps and sets, or came by while walking through them: a measure of work that
 * is the same at every run and on every machine. `run` must be synchronous.
 */
export function stepsOf(run: () => void): number {
  let steps = 0
  const restore: (() => void)[] = []
  const replace = (prototype: object, name: PropertyKey, wrap: (original: Method) => Method): void => {
    const property = Object.getOwnPropertyDescriptor(prototype, name)
    const original: unknown = property?.value
    if (property === undefined || typeof original !== 'function') return
    Object.defineProperty(prototype, name, { ...property, value: wrap(original as Method) })
    restore.push(() => Object.defineProperty(prototype, name, property))
  }
  for (const prototype of [Map.prototype, Set.prototype]) {
    for (const name of counted)
      replace(
        prototype,
        name,
        (original) =>
          function (this: unknown, ...given: unknown[]): unknown {
            steps++
            return Reflect.apply(original, this, given)
          },
      )
    for (const name of [...walks, Symbol.iterator])
      replace(
        prototype,
        name,
        (original) =>
          function (this: { readonly size: number }, ...given: unknown[]): unknown {
            const walk: unknown = Reflect.apply(original, this, given)
            if (name === 'forEach') steps += this.size
            return name === 'forEach' ? walk : stepped(walk as Iterator<unknown>, () => steps++)
          },
      )
  }
  try {
    run()
  } finally {
    for (const undo of restore) undo()
  }
  return steps
}

function stepped(walk: Iterator<unknown>, step: () => void): IterableIterator<unknown> {
  return {
    next: () => {
      step()
      return walk.next()
    },
    return: () => ({ done: true, value: undefined }),
    [Symbol.iterator]() {
      return this
    },
  }
}
