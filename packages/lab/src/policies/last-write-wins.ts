import { lastWriteWins } from '@rejoin/documents/lww'
import type { Policy } from './policy.ts'

type Unit = 'record' | 'field'

const whole = { record: 'the whole record', field: 'the field' } as const

/** The later time of the writers' clocks as they are; these may be wrong, by the dial `skew`. */
export const byWallClock = (unit: Unit): Policy => ({
  name: `lww-${unit}-clock`,
  about: `Of two versions of ${whole[unit]} the one with the later time stands, by the clock of the device that wrote it.`,
  form: 'whole',
  open: () => Promise.resolve((clock) => lastWriteWins({ unit, order: 'wall-clock', clock })),
})

export const byHybridClock = (unit: Unit): Policy => ({
  name: `lww-${unit}-hlc`,
  about: `As lww-${unit}-clock, by a hybrid clock: a write comes after all that its device had seen.`,
  form: 'whole',
  open: () => Promise.resolve((clock) => lastWriteWins({ unit, order: 'hybrid-clock', clock })),
})

export const byArrival = (unit: Unit): Policy => ({
  name: `lww-${unit}-arrival`,
  about: `Of two versions of ${whole[unit]} the one that reached the server last stands.`,
  form: 'whole',
  byArrival: true,
  open: () => Promise.resolve(() => lastWriteWins({ unit, order: 'arrival' })),
})
