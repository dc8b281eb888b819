export interface InOrderOptions {
  /** How many run at once. */
  readonly jobs: number
  /** How many may be begun and not yet taken: what one slow item holds up. */
  readonly ahead: number
}

/** Runs items side by side and gives their results in the order of the items. `next` is asked when there is room. */
export async function* inOrder<Item, T>(
  next: () => Item | undefined,
  run: (item: Item) => Promise<T>,
  { jobs, ahead }: InOrderOptions,
): AsyncGenerator<T, void, undefined> {
  const begun: Promise<T>[] = []
  let running = 0
  const fill = (): void => {
    while (running < jobs && begun.length < ahead) {
      const item = next()
      if (item === undefined) return
      running += 1
      begun.push(
        run(item).finally(() => {
          running -= 1
          fill()
        }),
      )
    }
  }
  for (;;) {
    fill()
    const first = begun.shift()
    if (first === undefined) return
    yield await first
  }
}
