import { Pipe } from '@rejoin/simulator/network'
import type { Dice, VirtualTime } from '@rejoin/simulator/network'
import { bytesOf } from './frame.ts'
import type { Frame, Logged } from './frame.ts'
import type { Hub } from './hub.ts'

export interface LinkDeps {
  readonly time: VirtualTime
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
  readonly #up: Pipe
  readonly #down: Pipe
  #isOpen = true
  bytesUp = 0
  bytesDown = 0

  constructor(device: number, after: number, deps: LinkDeps) {
    this.#deps = deps
    this.#device = device
    this.#up = new Pipe(deps.time, () => deps.bytesPerMs)
    this.#down = new Pipe(deps.time, () => deps.bytesPerMs)
    deps.hub.connect(device, after, (frame) => this.#toDevice(frame))
  }

  send(frame: Frame): void {
    const size = bytesOf(frame)
    this.bytesUp += size
    this.#up.put(size, this.#delay(), () => {
      if (this.#isOpen) this.#deps.hub.receive(frame)
    })
  }

  close(): void {
    this.#isOpen = false
    this.#deps.hub.disconnect(this.#device)
  }

  /** To its author a frame comes back as no more than its place. */
  #toDevice(frame: Logged): void {
    const size = frame.author === this.#device ? 0 : bytesOf(frame)
    this.bytesDown += size
    this.#down.put(size, this.#delay(), () => {
      if (this.#isOpen) this.#deps.received(frame)
    })
  }

  #delay(): number {
    return this.#deps.dice.between(0.5, 1.5) * this.#deps.delayMs
  }
}
