import { assumed, either, oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { append, count, deleteIt, items, move, place, remove, rename, toggle, vote, write } from './deeds.ts'
import {
  asPutAndTaken,
  counterExact,
  eachOnce,
  latestVotes,
  noLineLost,
  nothingTypedLost,
  staysDeleted,
} from './invariants.ts'
import type { Workload } from './workload.ts'

const tags = ['robot', 'tree', 'car', 'house', 'low-poly', 'animated']
const offline =
  "Marketplace: backend integration and offline support, 'Available Offline' (that it is done); how often is our assumption"
const features =
  "Marketplace: backend integration and offline support, 'API Endpoints' (that it is done); how often is our assumption"

const acts: readonly Act[] = [
  { name: 'downloads an asset', weight: 30, source: features, to: 'assets', does: count('downloads', 1) },
  { name: 'rates an asset', weight: 20, source: offline, to: 'assets', does: vote('ratings') },
  { name: 'comments on an asset', weight: 15, source: offline, to: 'assets', does: append('comments') },
  {
    name: 'gives an asset a tag, or takes one off',
    weight: 8,
    source: features,
    to: 'assets',
    does: toggle('tags', tags),
  },
  {
    name: 'gives an asset another name or price',
    weight: 5,
    source: assumed('sellers try prices'),
    to: 'assets',
    does: either(0.3, rename('name'), rename('price')),
  },
  { name: 'takes an asset off the market', weight: 0.5, source: assumed('rare'), to: 'assets', does: deleteIt },
  {
    name: 'adds to a collection',
    weight: 8,
    source: assumed('collections are favourites in an order'),
    to: 'collections',
    does: place('assets'),
  },
  {
    name: 'arranges a collection',
    weight: 6,
    source: assumed('nearly as often'),
    to: 'collections',
    does: move('assets'),
  },
  {
    name: 'removes from a collection',
    weight: 2,
    source: assumed('so that they grow'),
    to: 'collections',
    does: remove('assets'),
  },
  {
    name: 'marks an asset as a favourite, or no more',
    weight: 6,
    source: offline,
    to: 'profiles',
    does: toggle(
      'favourites',
      Array.from({ length: 15 }, (_, nth) => `assets-${nth}`),
    ),
  },
  { name: 'writes in a profile', weight: 3, source: features, to: 'profiles', does: write('bio') },
]

export const marketplace: Workload = {
  name: 'marketplace',
  about: 'People rate, discuss and collect what others have made, and studios of several people sell it.',
  parameters: [
    ...weightsOf(acts),
    { name: 'assets', value: 15, source: assumed('those that are shown on the first page') },
    { name: 'collections, profiles', value: '4, 4', source: assumed('those of studios, which several people keep') },
    {
      name: 'fields of an asset',
      value: 'name, price, tags, ratings, comments, downloads',
      source:
        "Marketplace: backend integration and offline support, 'Offline Database Schema', where a rating is an average and a count; one number of each user is ours",
    },
  ],
  entities: {
    assets: {
      shape: {
        name: { kind: 'value' },
        price: { kind: 'value' },
        tags: { kind: 'set' },
        ratings: { kind: 'votes' },
        comments: { kind: 'log' },
        downloads: { kind: 'counter' },
      },
      count: 15,
      start: ({ name, dice }) => [
        { do: 'set', field: 'name', value: name('name') },
        { do: 'set', field: 'price', value: name('price') },
        { do: 'put', field: 'tags', element: dice.pick(tags) },
      ],
    },
    collections: {
      shape: { title: { kind: 'value' }, assets: { kind: 'order' } },
      count: 4,
      start: (start) => [{ do: 'set', field: 'title', value: start.name('title') }, ...items(start, 'assets', 6)],
    },
    profiles: {
      shape: { name: { kind: 'value' }, bio: { kind: 'text' }, favourites: { kind: 'set' } },
      count: 4,
      start: ({ name, symbols }) => [
        { do: 'set', field: 'name', value: name('name') },
        { do: 'type', field: 'bio', symbols: symbols(30), after: null, before: null },
      ],
    },
  },
  act: oneOf(acts),
  invariants: [
    counterExact({ name: 'downloads exact', of: 'assets', field: 'downloads' }),
    latestVotes({ name: 'one rating a user, the latest', of: 'assets', field: 'ratings' }),
    noLineLost({ name: 'no comment lost', of: 'assets', field: 'comments' }),
    asPutAndTaken({ name: 'tags as put and taken', of: 'assets', field: 'tags' }),
    eachOnce({ name: 'collection holds every asset once', of: 'collections', field: 'assets' }),
    asPutAndTaken({ name: 'favourites as marked', of: 'profiles', field: 'favourites' }),
    nothingTypedLost({ name: 'no word of a profile lost', of: 'profiles', field: 'bio' }),
    staysDeleted('asset off the market stays off', 'assets'),
  ],
}
