import { lastWriteWins } from '@rejoin/documents/lww'
import type { Form, Policy } from './policy.ts'

/** What is written as a whole. `rows`: the fields of records of which whatever people list is a row of its own. */
type Unit = 'record' | 'field' | 'rows'

const whole = {
  record: 'the whole record',
  field: 'the field',
  rows: 'a row, or of a field that is one value,',
} as const

const formOf = (unit: Unit): Form => (unit === 'rows' ? 'rows' : 'whole')
const unitOf = (unit: Unit): 'record' | 'field' => (unit === 'record' ? 'record' : 'field')

/** The later time of the writers' clocks as they are; these may be wrong, by the dial `skew`. */
export const byWallClock = (unit: Unit): Policy => ({
  name: `lww-${unit}-clock`,
  about: `Of two versions of ${whole[unit]} the one with the later time stands, by the clock of the device that wrote it.`,
  form: formOf(unit),
  open: () => Promise.resolve((clock) => lastWriteWins({ unit: unitOf(unit), order: 'wall-clock', clock })),
})

export const byHybridClock = (unit: Unit): Policy => ({
  name: `lww-${unit}-hlc`,
  about: `As lww-${unit}-clock, by a hybrid clock: a write comes after all that its device had seen.`,
  form: formOf(unit),
  open: () => Promise.resolve((clock) => lastWriteWins({ unit: unitOf(unit), order: 'hybrid-clock', clock })),
})

export const byArrival = (unit: Unit): Policy => ({
  name: `lww-${unit}-arrival`,
  about: `Of two versions of ${whole[unit]} the one that reached the server last stands.`,
  form: formOf(unit),
  byArrival: true,
  open: () => Promise.resolve(() => lastWriteWins({ unit: unitOf(unit), order: 'arrival' })),
})
