import { assumed, either, oneOf, weightsOf } from './acts.ts'
import type { Act } from './acts.ts'
import { advance, change, count, putNew, rename, toggle, write } from './deeds.ts'
import { asPutAndTaken, counterExact, neverBack, nothingTypedLost } from './invariants.ts'
import type { Workload } from './workload.ts'

const tags = ['cells', 'light', 'water', 'exam', 'later']
const scores = ['0', '10', '20', '30', '40', '50', '60', '70', '80', '90', '100']
const minutesOfLesson = 12
const delta = "Learning platform: offline sync design, 'Delta Sync'"
const resolution =
  "Learning platform: offline sync design, 'Conflict Resolution' (that it is merged); how often is our assumption"

const acts: readonly Act[] = [
  {
    name: 'completes a lesson: its minutes, and that it is done',
    weight: 20,
    source: assumed('a learner who takes notes writes several words for each lesson'),
    to: 'progress',
    does: ({ name }, page) =>
      page.do(
        { do: 'add', field: 'minutes', amount: minutesOfLesson },
        { do: 'put', field: 'lessons', element: name('lesson') },
        { do: 'set', field: 'position', value: name('position') },
      ),
  },
  {
    name: 'goes on with a lesson for a minute',
    weight: 15,
    source: assumed('most sittings end within a lesson'),
    to: 'progress',
    does: count('minutes', 1),
  },
  {
    name: 'beats the best score of a test, or repeats a lesson',
    weight: 5,
    source: assumed('a test after four lessons'),
    to: 'progress',
    does: advance('best', scores, count('minutes', minutesOfLesson)),
  },
  {
    name: 'has a streak of another length',
    weight: 3,
    source: assumed('once a day, and several lessons are completed on one'),
    to: 'progress',
    does: rename('streak'),
  },
  { name: 'writes in a note', weight: 40, source: resolution, to: 'notes', does: write('body') },
  {
    name: 'gives a note a title or another tag',
    weight: 10,
    source: resolution,
    to: 'notes',
    does: either(0.4, rename('title'), toggle('tags', tags)),
  },
  { name: 'answers a question', weight: 15, source: resolution, to: 'lessons', does: putNew('answers') },
  {
    name: 'changes a setting',
    weight: 3,
    source: assumed('rarely after the first day'),
    to: 'settings',
    does: either(0.5, change('theme', ['light', 'dark', 'system']), change('reminder', ['07:00', '12:00', '19:00'])),
  },
]

export const learning: Workload = {
  name: 'learning',
  about: 'A learner with several devices, now on one and now on another, takes lessons and notes.',
  parameters: [
    ...weightsOf(acts),
    {
      name: 'minutes of a lesson',
      value: minutesOfLesson,
      source: `${delta}: its example has 5 lessons in 3,600 seconds`,
    },
    { name: 'notes, lessons, courses', value: '6, 6, 2', source: assumed('a note for each lesson of two courses') },
    { name: 'steps of the best score', value: scores.length, source: assumed('tests are marked in tens') },
  ],
  entities: {
    progress: {
      shape: {
        minutes: { kind: 'counter' },
        lessons: { kind: 'set' },
        best: { kind: 'status', steps: scores },
        streak: { kind: 'value' },
        position: { kind: 'value' },
      },
      count: 2,
      start: () => [{ do: 'set', field: 'best', value: '0' }],
    },
    notes: {
      shape: { title: { kind: 'value' }, body: { kind: 'text' }, tags: { kind: 'set' } },
      count: 6,
      start: ({ name, symbols }) => [
        { do: 'set', field: 'title', value: name('title') },
        { do: 'type', field: 'body', symbols: symbols(30), after: null, before: null },
      ],
    },
    lessons: { shape: { answers: { kind: 'set' } }, count: 6 },
    settings: {
      shape: { theme: { kind: 'value' }, reminder: { kind: 'value' } },
      count: 1,
      start: () => [
        { do: 'set', field: 'theme', value: 'system' },
        { do: 'set', field: 'reminder', value: '19:00' },
      ],
    },
  },
  act: oneOf(acts),
  invariants: [
    counterExact({ name: 'minutes exact', of: 'progress', field: 'minutes' }),
    asPutAndTaken({ name: 'no completed lesson lost', of: 'progress', field: 'lessons' }),
    neverBack({ name: 'best score never goes back', of: 'progress', field: 'best' }, scores),
    nothingTypedLost({ name: 'no word of a note lost', of: 'notes', field: 'body' }),
    asPutAndTaken({ name: 'tags as put and taken', of: 'notes', field: 'tags' }),
    asPutAndTaken({ name: 'no answer lost', of: 'lessons', field: 'answers' }),
  ],
}
