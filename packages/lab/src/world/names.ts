import { symbolOf } from '../fields/symbols.ts'

/** Hands out what nothing else in a run is called. */
export class Names {
  #names = 0
  #symbols = 0

  name(prefix: string): string {
    return `${prefix}${++this.#names}`
  }

  symbols(count: number): string {
    let symbols = ''
    for (let left = count; left > 0; left--) symbols += symbolOf(this.#symbols++)
    return symbols
  }
}
