import type { Stamp } from '@rejoin/base'
import { storedJson, wellFormed } from '../content/json.ts'
import type { Json, RegisterRoot, Survivor, WriteId } from '../engine.ts'
import { isSame, registerPlace } from './parts.ts'
import type { RegisterPart } from './parts.ts'
import type { Reader } from './reader.ts'

/** One value of a key at a time: what competes with it has been dropped. */
export class LastRegisters implements RegisterRoot {
  readonly #of: Reader

  constructor(of: Reader) {
    this.#of = of
  }

  survivors(key: string): readonly Survivor[] {
    const part = this.#at(key)
    return part === undefined ? none : [part]
  }

  *keys(): Iterable<string> {
    for (const part of this.#of.parts()) if (part.root === 'registers') yield part.key
  }

  contested(): Iterable<string> {
    return none
  }

  remove(key: string, only?: readonly WriteId[]): void {
    const draft = this.#of.open()
    const part = this.#at(key)
    if (part !== undefined && (only === undefined || only.some((id) => isSame(id, part))))
      draft.remove(registerPlace(key))
  }

  append(key: string, stamp: Stamp, value: Json): WriteId {
    const draft = this.#of.open()
    const { client, clock } = draft.put({ root: 'registers', key: wellFormed(key), stamp, value: storedJson(value) })
    return { client, clock }
  }

  #at(key: string): RegisterPart | undefined {
    const part = this.#of.at(registerPlace(key))
    return part?.root === 'registers' ? part : undefined
  }
}

const none: readonly never[] = []
