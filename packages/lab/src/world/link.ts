import type { Dice } from '@rejoin/simulator/network'
import { bytesOf } from './frame.ts'
import type { Frame, Logged } from './frame.ts'
import type { Hub } from './hub.ts'
import type { Time } from './time.ts'
import { Way } from './way.ts'

export interface LinkDeps {
  readonly time: Time
  readonly dice: Dice
  readonly hub: Hub
  readonly delayMs: number
  readonly bytesPerMs: number
  readonly received: (frame: Logged) => void
}

/** One connection of a device to the server. What is on its way when it ends is lost. */
export class Link {
  readonly #deps: LinkDeps
  readonly #device: number
  readonly #up: Way
  readonly #down: Way
  #isOpen = true

  constructor(device: number, after: number, deps: LinkDeps) {
    this.#deps = deps
    this.#device = device
    this.#up = new Way(deps.time, deps.bytesPerMs)
    this.#down = new Way(deps.time, deps.bytesPerMs)
    deps.hub.connect(device, after, (frame) => this.#toDevice(frame))
  }

  get bytesUp(): number {
    return this.#up.bytes
  }

  get bytesDown(): number {
    return this.#down.bytes
  }

  send(frame: Frame): void {
    this.#up.put(bytesOf(frame), this.#delay(), () => {
      if (this.#isOpen) this.#deps.hub.receive(frame)
    })
  }

  close(): void {
    this.#isOpen = false
    this.#deps.hub.disconnect(this.#device)
  }

  /** To its author a frame comes back as no more than its place. */
  #toDevice(frame: Logged): void {
    this.#down.put(frame.author === this.#device ? 0 : bytesOf(frame), this.#delay(), () => {
      if (this.#isOpen) this.#deps.received(frame)
    })
  }

  #delay(): number {
    return this.#deps.dice.between(0.5, 1.5) * this.#deps.delayMs
  }
}
