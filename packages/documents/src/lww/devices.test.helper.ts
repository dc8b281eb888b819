import { nextStamp, noStamp, observeStamp } from '@rejoin/base'
import type { Clock } from '@rejoin/base'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from '../entity/entity.ts'
import type { DocumentUpdate, EditResult, Entity } from '../entity/entity.ts'
import { id, keyOf, notes, updatesOf, writerOf } from '../replicas.test.helper.ts'
import { lastWriteWins } from './index.ts'
import { policiesBy } from './policies.test.helper.ts'
import type { Named } from './policies.test.helper.ts'

/** A note on two devices, and the log between them. */
export class Session {
  nowMs = 1_790_000_000_000
  readonly log: DocumentUpdate[] = []
  readonly phone: Device
  readonly laptop: Device

  /** The clock of the laptop may be wrong. */
  constructor(name: Named, laptopAheadMs = 0) {
    this.phone = new Device(this, name, 0)
    this.laptop = new Device(this, name, laptopAheadMs)
    this.phone.do((note) => note.create({ title: 'Old', status: 'open', body: 'abc', minutes: 0 }))
    this.phone.sync()
    this.laptop.sync()
    this.wait(1000)
  }

  wait(ms: number): void {
    this.nowMs += ms
  }

  /** Online one after the other, and the first once more. */
  meet(...devices: readonly Device[]): void {
    for (const device of devices) device.sync()
    for (const device of devices) device.sync()
  }
}

export class Device {
  readonly note: Entity<typeof notes>
  readonly #session: Session
  readonly #unsent: DocumentUpdate[] = []
  #taken = 0
  #stamp = noStamp
  readonly #clock: Clock

  constructor(session: Session, name: Named, aheadMs: number) {
    this.#session = session
    this.#clock = { now: () => session.nowMs + aheadMs }
    const writer = writerOf(++devices)
    const policy = policiesBy(this.#clock).find(({ unit, order }) => name === `${unit} ${order}`)
    if (policy === undefined) throw new Error(`no policy ${name}`)
    this.note = createEntity({
      collection: notes,
      id,
      engine: lastWriteWins(policy),
      writer,
      clientIds: new ClientIds(writer),
      key: keyOf,
      nextStamp: () => (this.#stamp = nextStamp(this.#stamp, this.#clock.now())),
    })
  }

  /** A moment of time, and a change. */
  do(change: (note: Entity<typeof notes>) => EditResult): void {
    this.#session.wait(1)
    this.#unsent.push(...updatesOf(change(this.note)))
  }

  title(title: string): void {
    this.do((note) => note.edit('user', (draft) => draft.title.set(title)))
  }

  /** Sends what it has and takes what there is, its own writes with their places. */
  sync(): void {
    const { log } = this.#session
    for (const one of this.#unsent.splice(0)) log.push({ ...one, update: { ...one.update, seq: log.length + 1 } })
    for (const one of log.slice(this.#taken)) {
      this.#stamp = observeStamp(this.#stamp, one.stamp, this.#clock.now())
      this.note.apply(one, [one.update])
    }
    this.#taken = log.length
  }
}

let devices = 0
