import { oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import {
  advance,
  append,
  count,
  deleteIt,
  eraseWord,
  items,
  move,
  place,
  remove,
  rename,
  toggle,
  typeWord,
  vote,
} from './deeds.ts'
import {
  asPutAndTaken,
  counterExact,
  eachOnce,
  latestValue,
  latestVotes,
  neverBack,
  noLineLost,
  nothingTypedLost,
  staysDeleted,
} from './invariants.ts'
import type { Workload } from './workload.ts'

const steps = ['new', 'begun', 'done']
const tags = ['red', 'blue']
const source = 'every kind of deed alike, and deletion at last'
const of = 'things'

const acts: readonly Act[] = [
  { name: 'renames', weight: 2, source, to: of, does: rename('title') },
  { name: 'takes a step on', weight: 2, source, to: of, does: advance('status', steps, rename('title')) },
  { name: 'counts', weight: 2, source, to: of, does: count('count', 1) },
  { name: 'puts or takes', weight: 3, source, to: of, does: toggle('tags', tags) },
  { name: 'places', weight: 2, source, to: of, does: place('order') },
  { name: 'moves', weight: 3, source, to: of, does: move('order') },
  { name: 'removes', weight: 2, source, to: of, does: remove('order') },
  { name: 'appends', weight: 2, source, to: of, does: append('log') },
  { name: 'votes', weight: 2, source, to: of, does: vote('votes') },
  { name: 'types', weight: 3, source, to: of, does: typeWord('text') },
  { name: 'erases', weight: 2, source, to: of, does: eraseWord('text') },
  { name: 'deletes', weight: 0.25, source, to: of, does: deleteIt },
]

export const tiny: Workload = {
  name: 'tiny',
  about: 'Two or three people do a few things to one entity with a field of every kind.',
  parameters: [
    ...weightsOf(acts),
    { name: 'entities', value: 1, source: 'fewest, so that every edit may meet every other' },
  ],
  entities: {
    [of]: {
      shape: {
        title: { kind: 'value' },
        status: { kind: 'status', steps },
        count: { kind: 'counter' },
        tags: { kind: 'set' },
        order: { kind: 'order' },
        log: { kind: 'log' },
        votes: { kind: 'votes' },
        text: { kind: 'text' },
      },
      count: 1,
      start: (start) => [
        { do: 'set', field: 'status', value: 'new' },
        { do: 'put', field: 'tags', element: 'red' },
        ...items(start, 'order', 3),
        { do: 'type', field: 'text', symbols: start.symbols(3), after: null, before: null },
      ],
    },
  },
  act: oneOf(acts),
  invariants: [
    latestValue({ name: 'title as written', of, field: 'title' }),
    neverBack({ name: 'status never goes back', of, field: 'status' }, steps),
    counterExact({ name: 'counter exact', of, field: 'count' }),
    asPutAndTaken({ name: 'set as put and taken', of, field: 'tags' }),
    eachOnce({ name: 'list holds every item once', of, field: 'order' }),
    noLineLost({ name: 'no line lost', of, field: 'log' }),
    latestVotes({ name: 'one vote a user, the latest', of, field: 'votes' }),
    nothingTypedLost({ name: 'nothing typed is lost', of, field: 'text' }),
    staysDeleted('deleted thing stays deleted', of),
  ],
}
