import { assumed, either, oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { advance, append, deleteIt, items, move, place, putNew, remove, rename, toggle, write } from './deeds.ts'
import { asPutAndTaken, eachOnce, noLineLost, nothingTypedLost, staysDeleted } from './invariants.ts'
import type { Workload } from './workload.ts'

const people = ['ana', 'ben', 'caro', 'dai', 'eve', 'fred']
const genres = ['demo', 'live', 'mix', 'master']
const states = ['open', 'resolved']
const supported =
  "Studio: offline-first sync architecture, 'Entities Supported' (that it is done); how often is our assumption"

const acts: readonly Act[] = [
  { name: 'comments on a track', weight: 30, source: supported, to: 'threads', does: append('comments') },
  {
    name: 'resolves a thread, or comments on it',
    weight: 4,
    source: assumed('one comment of eight ends its thread'),
    to: 'threads',
    does: advance('state', states, append('comments')),
  },
  { name: 'adds a track to a playlist', weight: 12, source: supported, to: 'playlists', does: place('tracks') },
  { name: 'moves a track in a playlist', weight: 12, source: supported, to: 'playlists', does: move('tracks') },
  { name: 'removes a track from a playlist', weight: 4, source: supported, to: 'playlists', does: remove('tracks') },
  {
    name: 'edits the title or the genres of a track',
    weight: 15,
    source: supported,
    to: 'tracks',
    does: either(0.5, rename('title'), toggle('genres', genres)),
  },
  { name: 'uploads a version of a track', weight: 5, source: supported, to: 'tracks', does: putNew('files') },
  { name: 'deletes a track', weight: 1, source: supported, to: 'tracks', does: deleteIt },
  { name: 'names a project', weight: 3, source: supported, to: 'projects', does: rename('name') },
  { name: 'writes what a project is about', weight: 12, source: supported, to: 'projects', does: write('description') },
  {
    name: 'changes who works on a project',
    weight: 6,
    source: supported,
    to: 'projects',
    does: toggle('collaborators', people),
  },
]

export const studio: Workload = {
  name: 'studio',
  about: 'People who make music together comment on tracks, arrange playlists and describe their projects.',
  parameters: [
    ...weightsOf(acts),
    { name: 'projects, playlists', value: '4, 4', source: assumed('what one band works on at a time') },
    { name: 'tracks, threads', value: '12, 12', source: assumed('three tracks a project, and a thread for each') },
    { name: 'tracks in a playlist at the beginning', value: 8, source: assumed('a side of a record') },
  ],
  entities: {
    projects: {
      shape: {
        name: { kind: 'value' },
        description: { kind: 'text' },
        collaborators: { kind: 'set' },
      },
      count: 4,
      start: ({ name, symbols }) => [
        { do: 'set', field: 'name', value: name('name') },
        { do: 'type', field: 'description', symbols: symbols(60), after: null, before: null },
        ...people.slice(0, 3).map((element) => ({ do: 'put', field: 'collaborators', element }) as const),
      ],
    },
    playlists: {
      shape: { name: { kind: 'value' }, tracks: { kind: 'order' } },
      count: 4,
      start: (start) => [{ do: 'set', field: 'name', value: start.name('name') }, ...items(start, 'tracks', 8)],
    },
    tracks: {
      shape: { title: { kind: 'value' }, genres: { kind: 'set' }, files: { kind: 'set' } },
      count: 12,
      start: ({ name }) => [{ do: 'set', field: 'title', value: name('title') }],
    },
    threads: {
      shape: { comments: { kind: 'log' }, state: { kind: 'status', steps: states } },
      count: 12,
      start: () => [{ do: 'set', field: 'state', value: 'open' }],
    },
  },
  act: oneOf(acts),
  invariants: [
    eachOnce({ name: 'playlist holds every track once', of: 'playlists', field: 'tracks' }),
    noLineLost({ name: 'no comment lost', of: 'threads', field: 'comments' }),
    asPutAndTaken({ name: 'collaborators as added and removed', of: 'projects', field: 'collaborators' }),
    asPutAndTaken({ name: 'no file of a track lost', of: 'tracks', field: 'files' }),
    nothingTypedLost({ name: 'no word of a description lost', of: 'projects', field: 'description' }),
    staysDeleted('deleted track stays deleted', 'tracks'),
  ],
}
