import { assumed, either, oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { advance, append, change, deleteIt, putNew, rename, write } from './deeds.ts'
import { asPutAndTaken, neverBack, noLineLost, nothingTypedLost, staysDeleted } from './invariants.ts'
import type { Workload } from './workload.ts'

const steps = ['received', 'assigned', 'resolved']
const taskSteps = ['waiting', 'started', 'done']
const categories = ['roads', 'water', 'light', 'waste']
/** It has ten reports in three days, and five edits of the profile. */
const threeDays = "Field reports: offline-first sync, 'Test 3: Long Offline Period'"
const features =
  "Field reports: offline-first sync, 'Features Supported' (that it is done); how often is our assumption"

const acts: readonly Act[] = [
  {
    name: 'writes in a report',
    weight: 10,
    source: `${threeDays}: 10 reports`,
    to: 'reports',
    does: write('description'),
  },
  {
    name: 'edits the profile',
    weight: 5,
    source: `${threeDays}: 5 updates of the profile for 10 reports`,
    to: 'profiles',
    does: either(0.5, rename('phone'), rename('address')),
  },
  {
    name: 'adds a photo to a report',
    weight: 8,
    source: assumed("nearly one a report; 'Test 1: Create Report Offline' has photos, and not how many"),
    to: 'reports',
    does: putNew('photos'),
  },
  {
    name: 'gives a report another title or category',
    weight: 4,
    source: assumed('somebody in the office sorts reports'),
    to: 'reports',
    does: either(0.5, rename('title'), change('category', categories)),
  },
  {
    name: 'takes a report a step on, or comments on it',
    weight: 8,
    source: assumed('most reports are taken on within the time of a run'),
    to: 'reports',
    does: advance('status', steps, append('comments')),
  },
  {
    name: 'comments on a report',
    weight: 8,
    source: assumed('once a report'),
    to: 'reports',
    does: append('comments'),
  },
  {
    name: 'takes a task a step on',
    weight: 6,
    source: features,
    to: 'tasks',
    does: advance('status', taskSteps, append('log')),
  },
  {
    name: 'notes what was done for a task',
    weight: 4,
    source: assumed('two notes for three steps'),
    to: 'tasks',
    does: append('log'),
  },
  { name: 'withdraws a report', weight: 0.5, source: assumed('one of twenty'), to: 'reports', does: deleteIt },
]

export const fieldReports: Workload = {
  name: 'field-reports',
  about: 'Citizens report what is broken, and officers on the road take the reports on, mostly without a network.',
  parameters: [
    ...weightsOf(acts),
    { name: 'reports', value: 20, source: `${threeDays}: 10 of each of two people` },
    { name: 'tasks, profiles', value: '10, 3', source: assumed('a task for every other report') },
    {
      name: 'steps of a report',
      value: steps.join(', '),
      source:
        "Field reports: offline-first sync, 'Incremental Download' has received; the later two are our assumption",
    },
  ],
  entities: {
    reports: {
      shape: {
        title: { kind: 'value' },
        description: { kind: 'text' },
        category: { kind: 'value' },
        status: { kind: 'status', steps },
        photos: { kind: 'set' },
        comments: { kind: 'log' },
      },
      count: 20,
      start: ({ name, dice, symbols }) => [
        { do: 'set', field: 'title', value: name('title') },
        { do: 'set', field: 'category', value: dice.pick(categories) },
        { do: 'set', field: 'status', value: 'received' },
        { do: 'type', field: 'description', symbols: symbols(40), after: null, before: null },
      ],
    },
    tasks: {
      shape: { status: { kind: 'status', steps: taskSteps }, log: { kind: 'log' } },
      count: 10,
      start: () => [{ do: 'set', field: 'status', value: 'waiting' }],
    },
    profiles: {
      shape: { phone: { kind: 'value' }, address: { kind: 'value' } },
      count: 3,
      start: ({ name }) => [{ do: 'set', field: 'phone', value: name('phone') }],
    },
  },
  act: oneOf(acts),
  invariants: [
    neverBack({ name: 'status of a report never goes back', of: 'reports', field: 'status' }, steps),
    neverBack({ name: 'status of a task never goes back', of: 'tasks', field: 'status' }, taskSteps),
    noLineLost({ name: 'no comment lost', of: 'reports', field: 'comments' }),
    asPutAndTaken({ name: 'no photo lost', of: 'reports', field: 'photos' }),
    nothingTypedLost({ name: 'no word of a report lost', of: 'reports', field: 'description' }),
    staysDeleted('withdrawn report stays withdrawn', 'reports'),
  ],
}
