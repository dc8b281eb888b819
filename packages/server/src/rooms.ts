import { spaceKey } from './log/records.ts'
import type { SpaceRef } from './log/records.ts'
import { Room } from './room/room.ts'
import type { RoomDeps } from './room/room.ts'

/** The rooms in use. One that nobody holds or follows is let go: idle spaces cost no memory. */
export class Rooms {
  readonly #deps: RoomDeps
  readonly #rooms = new Map<string, Room>()

  constructor(deps: RoomDeps) {
    this.#deps = deps
  }

  get size(): number {
    return this.#rooms.size
  }

  /** Held until it is released; `use` does both. */
  hold(ref: SpaceRef): Room {
    const key = spaceKey(ref)
    const room = this.#rooms.get(key) ?? new Room(ref, this.#deps)
    this.#rooms.set(key, room)
    room.hold()
    return room
  }

  release(room: Room): void {
    room.release()
    this.letGo(room)
  }

  /** Forgets the room if it is idle. */
  letGo(room: Room): void {
    if (room.isIdle()) this.#rooms.delete(spaceKey(room.ref))
  }

  async use<T>(ref: SpaceRef, work: (room: Room) => Promise<T>): Promise<T> {
    const room = this.hold(ref)
    try {
      return await work(room)
    } finally {
      this.release(room)
    }
  }
}
