import type { Receipt } from '@rejoin/client'
import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import type { Touched } from '../world/entity.ts'

/** One edit that somebody made. */
export interface Made extends Touched {
  readonly replica: string
  readonly place: Place
  readonly mark: string
  readonly receipt: string
  /** The app was told that the device has it. */
  device: boolean
  /** Its space was left before its answer was known here: both ends are right. */
  loose: boolean
  /** Its device has lost it, or perhaps: then it may be nowhere. `said` if the device must say that it has lost something. */
  lost: 'silently' | 'said' | undefined
  /** There may be two stores that hold it unanswered: taken with a refusal, each of them makes it again. */
  copied: boolean
  /** It was refused, and made again later, over what was there by then. */
  anew: boolean
  /** It was refused, and somebody may have forgotten it for good. */
  discarded: boolean
  /** In the end its receipt says that the server has it. */
  accepted: boolean
}

/** Whether its mark is to be seen on the page. */
export const isSeen = ({ marked, typed }: Touched): boolean => marked || typed

/** CJK ideographs: one UTF-16 unit each, none of them a filler. */
const firstMark = 0x3400
const lastMark = 0x9fff

/**
 * The books of a world: which entities and edits were made, and what the app was told of them. Knows nothing of
 * rows, entries or documents, and shares no code with the system.
 */
export class Oracle {
  readonly places: Place[] = []
  readonly made: Made[] = []
  readonly #byMark = new Map<string, Made>()
  readonly #byPlace = new Map<string, Made[]>()
  readonly #byReceipt = new Map<string, Made>()
  #marks = 0

  nextMark(): string {
    const code = firstMark + this.#marks
    if (code > lastMark) throw new RangeError('This world is too busy: it has run out of marks.')
    this.#marks += 1
    return String.fromCharCode(code)
  }

  created(place: Place): void {
    this.places.push(place)
  }

  edited(replica: string, place: Place, mark: string, touched: Touched, receipt: Receipt): void {
    const made: Made = {
      ...touched,
      replica,
      place,
      mark,
      receipt: receipt.id,
      device: false,
      loose: false,
      lost: undefined,
      copied: false,
      anew: false,
      discarded: false,
      accepted: false,
    }
    this.made.push(made)
    this.#byMark.set(mark, made)
    this.#byReceipt.set(made.receipt, made)
    const there = this.#byPlace.get(nameOf(place)) ?? []
    this.#byPlace.set(nameOf(place), there)
    there.push(made)
    receipt.device.then(
      () => {
        made.device = true
      },
      () => undefined,
    )
  }

  /** A replica leaves a space: what becomes of its unanswered writes there is not for it to know. */
  left(replica: string, space: string): void {
    for (const made of this.made) if (made.replica === replica && made.place.space === space) made.loose = true
  }

  /** What is on the device of a replica by now, as far as its app was told. */
  onDeviceOf(replica: string): ReadonlySet<Made> {
    return new Set(this.made.filter((made) => made.replica === replica && made.device))
  }

  /**
   * The device of a replica may hold nothing any more but what is `kept`; of the rest it knows at best what the server
   * tells it. What it had not heard the end of may end twice.
   */
  forgotten(replica: string, kept: ReadonlySet<Made>, how: 'silently' | 'said'): void {
    for (const made of this.made) {
      if (made.replica !== replica) continue
      made.loose = true
      made.copied = true
      if (!kept.has(made) && made.lost !== 'silently') made.lost = how
    }
  }

  byMark(mark: string): Made | undefined {
    return this.#byMark.get(mark)
  }

  byReceipt(receipt: string): Made | undefined {
    return this.#byReceipt.get(receipt)
  }

  /** The edits of an entity, in the order in which they were made. */
  at(place: Place): readonly Made[] {
    return this.#byPlace.get(nameOf(place)) ?? []
  }
}
