import * as Y from 'yjs'
import { encode } from './encode.ts'
import type { Content } from './encode.ts'
import { contiguous, deletionsOf } from './structs.ts'
import { WaitingDeletions } from './waiting-deletions.ts'
import { WaitingSections } from './waiting-sections.ts'

/**
 * Where what has come too early waits for the rest. Yjs would keep it as one update, which it merges with more, and
 * tries again as a whole, at each delivery.
 */
export class WaitingRoom {
  readonly sections: WaitingSections = new WaitingSections()
  readonly deletions: WaitingDeletions = new WaitingDeletions()

  get isEmpty(): boolean {
    return this.sections.isEmpty && this.deletions.isEmpty
  }

  /** All that waits, as it is written. */
  content(): Content {
    const sections = [...this.sections.all()].map(([client, structs]) => [client, contiguous(structs)] as const)
    return { sections: new Map(sections), deletions: deletionsOf(this.deletions.all()) }
  }

  /** Leaves all of it to Yjs, which looks at it again when a provider has brought one of the missing clocks. */
  handTo(store: Y.Doc['store']): void {
    const { sections, deletions } = this.content()
    if (sections.size > 0) {
      const missing = new Map([...this.sections.lacked].map((client) => [client, this.sections.leastLacked(client)]))
      store.pendingStructs = { missing, update: encode(new Y.UpdateEncoderV2(), { sections, deletions: nothing }) }
    }
    if (deletions.clients.size > 0)
      store.pendingDs = encode(new Y.UpdateEncoderV2(), { sections: new Map(), deletions })
  }
}

const nothing = Y.createDeleteSet()
