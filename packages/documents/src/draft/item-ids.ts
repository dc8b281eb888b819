/**
 * Names items for ever: by the client and clock of the next write and, from the second on, by its number there. Not by
 * the clocks after that one: if an edit drops items that it made, the next edit makes writes with those.
 */
export class ItemIds {
  #first = ''
  #made = 0

  next(client: number, clock: number): string {
    const first = `${client.toString(36)}.${clock.toString(36)}`
    this.#made = first === this.#first ? this.#made + 1 : 0
    this.#first = first
    return this.#made === 0 ? first : `${first}.${this.#made.toString(36)}`
  }
}
