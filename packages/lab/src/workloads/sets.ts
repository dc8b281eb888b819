import { toggle } from './deeds.ts'
import { asPutAndTaken } from './invariants.ts'
import type { Workload } from './workload.ts'

const size = 12
const universe = Array.from({ length: size }, (_, nth) => `element-${nth}`)

export const sets: Workload = {
  name: 'sets',
  about: 'Everybody puts the same few things into the same few sets, takes them out, and puts them in again.',
  parameters: [
    { name: 'sets', value: 3, source: 'the plainest case: few, so that they meet' },
    { name: 'elements', value: size, source: 'few, so that what was taken is put in again' },
  ],
  entities: {
    sets: {
      shape: { elements: { kind: 'set' } },
      count: 3,
      start: () => universe.slice(0, size / 2).map((element) => ({ do: 'put', field: 'elements', element })),
    },
  },
  act(person) {
    const page = person.choose('sets')
    if (page !== undefined) toggle('elements', universe)(person, page)
  },
  invariants: [asPutAndTaken({ name: 'set as put and taken', of: 'sets', field: 'elements' })],
}
