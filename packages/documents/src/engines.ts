import { encodings, isId, RejoinError } from '@rejoin/base'
import type { Encoding } from '@rejoin/base'
import type { Collection } from '@rejoin/schema'
import type { Engine } from './engine.ts'

/** The engines of an application, joined: a collection names its own, and bytes tell theirs by their encoding. */
export class Engines {
  readonly #byName = new Map<string, Engine>()
  readonly #byEncoding = new Map<Encoding, Engine>()

  /**
   * Throws `bad-config` if something is no engine, or if two share a name or an encoding; one that is given twice counts
   * once.
   */
  constructor(engines: readonly Engine[]) {
    for (const engine of engines) {
      refuseOther(engine)
      if (this.#byName.get(engine.name) !== engine) this.#add(engine)
    }
  }

  /** The engine that the collection names. Throws `bad-config` if it is not among them. */
  of({ name, engine: wanted }: Collection): Engine {
    const engine = this.#byName.get(wanted)
    if (engine !== undefined) return engine
    throw new RejoinError('bad-config', `Collection ${name} is in the engine ${wanted}, which was not given.`, {
      hint: `Give the engine ${wanted} in \`engines\`, beside \`collections\`.`,
    })
  }

  /** The engine that reads this encoding, if it is among them. */
  reading(encoding: Encoding): Engine | undefined {
    return this.#byEncoding.get(encoding)
  }

  #add(engine: Engine): void {
    const { name } = engine
    if (!isId(name)) throw badConfig(`${JSON.stringify(name)} is no name of an engine.`)
    if (this.#byName.has(name)) throw badConfig(`Two engines are named ${name}.`)
    if (engine.encodings.length === 0) throw badConfig(`The engine ${name} reads no encoding.`)
    for (const encoding of engine.encodings) {
      if (!encodings.includes(encoding)) throw badConfig(`The engine ${name} reads ${encoding}, which is no encoding.`)
      const other = this.#byEncoding.get(encoding)
      if (other !== undefined) throw badConfig(`The engines ${other.name} and ${name} share the encoding ${encoding}.`)
      this.#byEncoding.set(encoding, engine)
    }
    this.#byName.set(name, engine)
  }
}

/** What is easily given instead: the promise of an engine, the function that opens one, or its name. */
function refuseOther(given: unknown): void {
  if (typeof given === 'string') throw badConfig(`${JSON.stringify(given)} is the name of an engine, not the engine.`)
  if (typeof given === 'function')
    throw badConfig('A function was given as an engine: call it, and await what it gives.')
  if (given instanceof Promise) throw badConfig('A promise was given as an engine: await it.')
  if (typeof given !== 'object' || given === null) throw badConfig(`${String(given)} was given as an engine.`)
}

const badConfig = (message: string): RejoinError => new RejoinError('bad-config', message)
