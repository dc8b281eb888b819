import { lanes, RejoinError } from '@rejoin/base'
import type { Lane } from '@rejoin/base'
import type { InterestOption, Status } from '@rejoin/client'
import { judgePage } from '../oracle/judge.ts'
import { marksIn } from '../oracle/marks.ts'
import type { Oracle } from '../oracle/oracle.ts'
import type { Reads } from '../oracle/reads.ts'
import { home, kinds, nameOf, spaceKind, spaces } from './app.ts'
import type { Place } from './app.ts'
import type { Dice } from './dice.ts'
import { createEntity, openEntity } from './entity.ts'
import type { OpenEntity, Written } from './entity.ts'
import type { FaultCounts } from './fault-counts.ts'
import { isExpected } from './replica.ts'
import type { SimReplica } from './replica.ts'

export interface PersonDeps {
  readonly oracle: Oracle
  readonly reads: Reads
  readonly counts: FaultCounts
  /** People write every field that there is. */
  readonly allFields: boolean
  /** Something that was shown or said is wrong. */
  readonly wrong: (sentence: string) => void
}

/** What a person wants of a space: all of it, a part, or none. */
type Wish = 'whole' | InterestOption | 'none'

const keptMax = 4

/** Who uses one replica: edits, keeps entities open, joins spaces and leaves them. Remembers its wishes over crashes. */
export class Person {
  readonly replica: SimReplica
  readonly #deps: PersonDeps
  readonly #wishes = new Map<string, Wish>([[home, 'whole']])
  /** Its device has lost something: it may know less than it once did, and of some writes half. */
  hasForgotten = false
  /** Its disk has what it will have lost after the next power cut. */
  isLiedTo = false

  constructor(replica: SimReplica, deps: PersonDeps) {
    this.replica = replica
    this.#deps = deps
  }

  get joined(): readonly string[] {
    return spaces.filter((space) => (this.#wishes.get(space) ?? 'none') !== 'none')
  }

  /** Reads a space, and writes nothing there. */
  visits(space: string): void {
    this.#wishes.set(space, 'whole')
  }

  /** Wants what somebody else wants. */
  wishAs(other: Person): void {
    for (const [space, wish] of other.#wishes) this.#wishes.set(space, wish)
  }

  /** Starts the app: opens the replica and says again what is wanted, since a crash may have come between. */
  async start(): Promise<void> {
    await this.replica.start()
    for (const [space, wish] of this.#wishes) if (space !== home) await this.#carryOut(space, wish)
  }

  /** Another process takes over the store: the one that has it ends in order. While it has it, nobody else does. */
  async handOver(dice: Dice): Promise<void> {
    const { replica } = this
    if (replica.life === undefined) return
    if (dice.chance(0.3)) await replica.intrude()
    if ((await replica.close()) === undefined) return
    this.#deps.counts.add('hand-over')
    await this.start()
  }

  /** One burst of edits on one entity. */
  edit(dice: Dice): Promise<void> {
    return this.#work(dice, (opened, lane) => {
      for (let left = 1 + dice.below(4); left > 0; left--) this.#write(opened, dice, lane)
    })
  }

  /** Typing, key by key. */
  write(dice: Dice): Promise<void> {
    return this.#work(dice, (opened, lane) => {
      for (let left = 3 + dice.below(25); left > 0; left--) this.#noted(opened, (mark) => opened.type(mark, dice, lane))
    })
  }

  async #work(dice: Dice, act: (opened: OpenEntity, lane: Lane) => void): Promise<void> {
    const { oracle } = this.#deps
    const life = this.replica.life
    if (life === undefined) return
    const lane: Lane = dice.chance(0.7) ? 'normal' : dice.pick(lanes)
    const space = dice.pick(this.joined)
    const places = oracle.places.filter((place) => place.space === space)
    const isNew = places.length === 0 || dice.chance(0.1)
    const opened = isNew
      ? await createEntity(life.rejoin, space, dice.pick(kinds), lane)
      : await this.#open(dice.pick(places))
    if (opened === undefined) return
    if (isNew) oracle.created(opened.place)
    // The space may have been left while the entity was opened.
    if (this.joined.includes(space) && life.isAlive) {
      if (!worked(() => act(opened, lane))) {
        life.kept.delete(nameOf(opened.place))
        return opened.close()
      }
      if (!isNew) await this.#read(opened)
    }
    await this.#keepOrClose(opened, dice)
  }

  /** The status has changed. What it says of the writes must be so at that moment. */
  heard({ synced, pending }: Status): void {
    const life = this.replica.life
    if (life === undefined || !synced) return
    life.unsettled = life.unsettled.filter(({ state }) => state === 'memory' || state === 'device')
    if (pending > 0 || life.unsettled.length > 0)
      this.#deps.wrong(`[I19] ${this.replica.name} says it is synced, with ${life.unsettled.length} writes unanswered`)
  }

  /** Looks at the status, and at one entity. */
  async look(dice: Dice): Promise<void> {
    const { oracle } = this.#deps
    const life = this.replica.life
    if (life === undefined) return
    this.heard(life.rejoin.status.now)
    const places = oracle.places.filter((place) => this.joined.includes(place.space))
    if (places.length === 0) return
    const opened = await this.#open(dice.pick(places))
    if (opened === undefined) return
    if (this.joined.includes(opened.place.space) && life.isAlive) await this.#read(opened)
    await this.#keepOrClose(opened, dice)
  }

  /** Looks through what was refused: has something made again, or forgets it. */
  async repair(dice: Dice): Promise<void> {
    const { oracle, counts } = this.#deps
    const rejoin = this.replica.life?.rejoin
    const kept = (await rejoin?.quarantine.list()) ?? []
    if (rejoin === undefined || kept.length === 0) return
    const { id } = dice.pick(kept)
    const made = oracle.byReceipt(id)
    if (dice.chance(0.2)) {
      if (made !== undefined) made.discarded = true
      await rejoin.quarantine.discard(id)
    } else if (await isRetried(rejoin.quarantine.retry(id))) {
      counts.add('retried')
      if (made !== undefined) made.anew = true
    }
  }

  /** Joins a space in whole or in part, widens what was joined in part, or leaves. Never home. */
  async move(dice: Dice): Promise<void> {
    const { oracle, counts } = this.#deps
    if (this.replica.life === undefined) return
    const space = dice.pick(spaces.filter((name) => name !== home))
    const wish = this.#wishes.get(space) ?? 'none'
    if (wish === 'none') {
      const places = oracle.places.filter((place) => place.space === space)
      counts.add('join')
      await this.#carryOut(space, this.#somePart(places, dice))
    } else if (wish !== 'whole' && dice.chance(0.6)) {
      counts.add('widen')
      await this.#carryOut(space, 'whole')
    } else {
      counts.add('leave')
      await this.#carryOut(space, 'none')
    }
  }

  /** Wants the whole of every space it has joined. */
  async widenAll(): Promise<void> {
    for (const space of this.joined) {
      if (this.#wishes.get(space) !== 'whole') this.#deps.counts.add('widen')
      await this.#carryOut(space, 'whole')
    }
  }

  async joinAll(): Promise<void> {
    for (const space of spaces) await this.#carryOut(space, 'whole')
  }

  #somePart(places: readonly Place[], dice: Dice): Wish {
    if (places.length === 0 || dice.chance(0.5)) return 'whole'
    if (dice.chance(0.5)) return { collections: [dice.pick(kinds)] }
    const { kind, id } = dice.pick(places)
    return { entities: [`${kind}/${id}`] }
  }

  async #carryOut(space: string, wish: Wish): Promise<void> {
    this.#wishes.set(space, wish)
    const rejoin = this.replica.life?.rejoin
    if (rejoin === undefined) return
    if (wish === 'none') await this.#leave(space)
    else await rejoin.join(space, spaceKind, wish === 'whole' ? {} : wish)
  }

  async #leave(space: string): Promise<void> {
    const { oracle, reads } = this.#deps
    const life = this.replica.life
    if (life === undefined) return
    for (const [name, opened] of life.kept) {
      if (opened.place.space !== space) continue
      life.kept.delete(name)
      await opened.close()
    }
    oracle.left(this.replica.name, space)
    reads.forget(this.replica.name, space)
    await life.rejoin.leave(space)
    reads.forget(this.replica.name, space)
  }

  async #open(place: Place): Promise<OpenEntity | undefined> {
    const life = this.replica.life
    const kept = life?.kept.get(nameOf(place))
    return kept ?? (life === undefined ? undefined : openEntity(life.rejoin, place))
  }

  #write(opened: OpenEntity, dice: Dice, lane: Lane): void {
    if (dice.chance(0.03)) opened.stumble(this.#deps.oracle.nextMark())
    else {
      const later = this.#deps.allFields ? { dice: dice.beside('later'), user: this.replica.user } : undefined
      this.#noted(opened, (mark) => opened.write(mark, dice, lane, later))
    }
  }

  #noted(opened: OpenEntity, write: (mark: string) => Written): void {
    const { oracle, wrong } = this.#deps
    const mark = oracle.nextMark()
    const { receipt, touched } = write(mark)
    oracle.edited(this.replica.name, opened.place, mark, touched, receipt)
    this.replica.life?.unsettled.push(receipt)
    if (!marksIn(opened.page()).has(mark))
      wrong(`[I7] ${this.replica.name} does not show the edit ${mark} that it made`)
  }

  async #read(opened: OpenEntity): Promise<void> {
    const { reads, oracle, wrong } = this.#deps
    const { name } = this.replica
    const rejoin = this.replica.life?.rejoin
    const page = opened.page()
    // While it catches up, a transaction over two documents of which one was folded is there in halves.
    if (rejoin?.status.now.synced === true)
      for (const sentence of judgePage(`${name}: ${nameOf(opened.place)}`, page, oracle)) wrong(sentence)
    // What was damaged is gone from the page until it has come again.
    if (this.isLiedTo || this.replica.disk.flips > 0) return
    const found = reads.read(name, opened.place, page)
    for (const sentence of found.wrong) wrong(sentence)
    for (const made of found.missing) {
      const fate = await rejoin?.receipts.find(made.receipt)
      if (fate !== 'rejected' && !made.loose && this.replica.life?.rejoin === rejoin)
        wrong(
          `[I7] ${name} does not show ${made.mark}, which it has on its device; its receipt says ${fate ?? 'nothing'}`,
        )
    }
  }

  async #keepOrClose(opened: OpenEntity, dice: Dice): Promise<void> {
    const { place } = opened
    const kept = this.replica.life?.kept
    if (kept?.has(nameOf(place))) return
    if (kept !== undefined && kept.size < keptMax && this.joined.includes(place.space) && dice.chance(0.5)) {
      kept.set(nameOf(place), opened)
      return
    }
    await opened.close()
  }
}

/** False if it does not stand alone. */
async function isRetried(retry: Promise<void>): Promise<boolean> {
  try {
    await retry
    return true
  } catch (cause) {
    if (cause instanceof RejoinError && ['depends', 'forbidden', 'too-large'].includes(cause.kind)) return false
    throw cause
  }
}

/** False if there is nothing to edit any more: the making of the entity was refused while the app kept it open. */
function worked(act: () => void): boolean {
  try {
    act()
    return true
  } catch (cause) {
    if (!isExpected(cause)) throw cause
    return false
  }
}
