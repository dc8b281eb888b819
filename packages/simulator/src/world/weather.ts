/** What a network does to one machine for a while. */
export interface Weather {
  /** Bytes a millisecond that its links carry in each direction; 0: nothing goes through for now. */
  readonly up: number
  readonly down: number
  /** New connections are refused. */
  readonly refuses: boolean
}

export const fair: Weather = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY, refuses: false }

/** Several things may trouble a machine at once: the worst of each counts. */
export function worst(all: Iterable<Partial<Weather>>): Weather {
  let { up, down, refuses } = fair
  for (const one of all) {
    up = Math.min(up, one.up ?? up)
    down = Math.min(down, one.down ?? down)
    refuses ||= one.refuses ?? false
  }
  return { up, down, refuses }
}
