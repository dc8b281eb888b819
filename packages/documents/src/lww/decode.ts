import { ByteReader, BytesError, isStamp, RejoinError } from '@rejoin/base'
import { freezeJson } from '../content/json.ts'
import { isMarkName } from '../content/marks.ts'
import type { Json, MarkedRun, Marks, Update, WriteId } from '../engine.ts'
import { flags, formatVersion, roots } from './encode.ts'
import { Ids } from './ids.ts'
import { listPlace, placeOf, recordPlace, registerPlace, textPlace } from './parts.ts'
import type { Part, Place } from './parts.ts'
import { orders, units } from './policy.ts'
import type { Policy } from './policy.ts'
import type { Batch, Write } from './write.ts'

/** Throws `undecodable` on all that this policy cannot have written. Takes memory in proportion to the bytes. */
export function decode(policy: Policy, { encoding, bytes }: Update): Batch {
  try {
    if (encoding !== 'other') throw new BytesError(`${encoding} is not of this engine`)
    return new Decoder(policy, bytes).batch()
  } catch (cause) {
    if (cause instanceof BytesError || cause instanceof SyntaxError)
      throw new RejoinError('undecodable', undefined, { cause })
    throw cause
  }
}

class Decoder {
  readonly #from: ByteReader
  readonly #policy: Policy
  readonly #clients: number[] = []

  constructor(policy: Policy, bytes: Uint8Array) {
    this.#policy = policy
    this.#from = new ByteReader(bytes)
  }

  batch(): Batch {
    const { unit, order } = this.#policy
    expect(this.#from.byte() === formatVersion, 'another version')
    expect(this.#from.byte() === units.indexOf(unit), 'another unit')
    expect(this.#from.byte() === orders.indexOf(order), 'another order')
    for (let left = this.#from.number(); left > 0; left--) this.#clients.push(this.#from.number())
    const [stored, open] = [this.#ids(), this.#ids()]
    const writes: Write[] = []
    for (let left = this.#from.number(); left > 0; left--) {
      const write = this.#write()
      expect((write.seq === undefined ? open : stored).has(write), 'a write that is not told among the ids')
      writes.push(write)
    }
    this.#from.end()
    return { stored, open, writes }
  }

  #ids(): Ids {
    const ids = new Ids()
    for (let clients = this.#from.number(); clients > 0; clients--) {
      const client = this.#client()
      let last = 0
      for (let runs = this.#from.number(); runs > 0; runs--) {
        const first = last + this.#from.number()
        const end = first + this.#from.number()
        expect(first > last && end <= Number.MAX_SAFE_INTEGER, 'a run of clocks that ends before it begins')
        ids.add({ client, clock: first - 1 }, end - first + 1)
        last = end
      }
    }
    return ids
  }

  #write(): Write {
    const id = this.#id()
    const time = this.#from.number()
    const has = this.#from.byte()
    const seq = (has & flags.seq) === 0 ? undefined : this.#from.number()
    const base = (has & flags.base) === 0 ? undefined : this.#id()
    const place = this.#policy.unit === 'field' ? this.#place() : recordPlace
    const parts = (has & flags.parts) === 0 ? undefined : this.#parts(place)
    expect(has < 8 && (this.#policy.order === 'server-wins' || (base === undefined && parts !== undefined)), 'flags')
    return { ...id, place, time, seq, base, parts }
  }

  #place(): Place {
    const root = roots[this.#from.byte()]
    if (root === 'registers') return registerPlace(this.#from.text())
    expect(root !== undefined, 'a place of no kind')
    return root
  }

  /** A record holds many; a field one, or none. */
  #parts(place: Place): readonly Part[] {
    const parts: Part[] = []
    const places = new Set<Place>()
    for (let left = this.#from.number(); left > 0; left--) {
      const part = this.#part(place)
      expect(!places.has(placeOf(part)), 'two parts at one place')
      places.add(placeOf(part))
      parts.push(part)
    }
    expect(place === recordPlace || parts.length <= 1, 'two parts of one field')
    return parts
  }

  #part(place: Place): Part {
    const [root, key] = place === recordPlace ? [roots[this.#from.byte()], undefined] : partsOfPlace(place)
    const id = this.#id()
    switch (root) {
      case 'registers': {
        const named = key ?? this.#from.text()
        const stamp = this.#from.number()
        expect(isStamp(stamp), 'no stamp')
        return { ...id, root, key: named, stamp, value: this.#json() }
      }
      case 'text':
        return { ...id, root, runs: this.#runs() }
      case 'list': {
        const values = this.#json()
        expect(isArray(values) && values.length > 0, 'no list')
        return { ...id, root, values }
      }
      default:
        throw new BytesError('a part of no kind')
    }
  }

  #runs(): readonly MarkedRun[] {
    const runs: MarkedRun[] = []
    for (let left = this.#from.number(); left > 0; left--) {
      const text = this.#from.text()
      expect(text !== '', 'an empty run')
      runs.push({ text, marks: this.#marks() })
    }
    expect(runs.length > 0, 'an empty text')
    return runs
  }

  #marks(): Marks {
    const text = this.#from.text()
    if (text === '') return noMarks
    const marks = parse(text)
    expect(
      isObject(marks) && Object.entries(marks).every(([name, value]) => isMarkName(name) && value !== null),
      'marks',
    )
    return marks
  }

  #json(): Json {
    return parse(this.#from.text())
  }

  #id(): WriteId {
    return { client: this.#client(), clock: this.#from.number() }
  }

  #client(): number {
    const client = this.#clients[this.#from.number()]
    expect(client !== undefined, 'a client that is not in the list')
    return client
  }
}

const noMarks: Marks = Object.freeze({})

function parse(text: string): Json {
  const value: unknown = JSON.parse(text)
  if (!freezeJson(value)) throw new BytesError('no JSON of ours')
  return value
}

const partsOfPlace = (place: Place): readonly [(typeof roots)[number], string | undefined] =>
  place === textPlace || place === listPlace
    ? [place === textPlace ? 'text' : 'list', undefined]
    : ['registers', place.slice('registers/'.length)]

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)
const isObject = (value: Json): value is Marks => typeof value === 'object' && value !== null && !isArray(value)

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BytesError(what)
}
