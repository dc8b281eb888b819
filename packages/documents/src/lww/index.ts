import type { Engine } from '../engine.ts'
import { changesOfEach } from './changes.ts'
import { decode } from './decode.ts'
import { LastWriteDocument } from './document.ts'
import { encode } from './encode.ts'
import { checkPolicy } from './policy.ts'
import type { Policy } from './policy.ts'
import { State } from './state.ts'

export type { Order, Policy, Unit } from './policy.ts'

/**
 * The engine port over last-write-wins, to compare with CRDTs: of concurrent writes of a record, or of a field, one stands and
 * the others are lost. One for each device if it reads a clock: that is the device's own.
 */
export function lastWriteWins(policy: Policy): Engine {
  checkPolicy(policy)
  return {
    name: `lww-${policy.unit}-${policy.order}`,
    encodings: ['other'],
    create: () => new LastWriteDocument(policy),
    squash: (updates) => {
      const state = new State(policy)
      const batches = updates.map((update) => ({ batch: decode(policy, update), seq: update.seq }))
      for (const { batch, seq } of batches) state.take(batch, seq)
      return encode(policy, state.batch())
    },
    changes: (before, update) => changesOfEach(policy, before, [update])[0]?.changes ?? [],
    changesOfEach: (before, updates) => changesOfEach(policy, before, updates),
  }
}
