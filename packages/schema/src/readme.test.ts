import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { collection, counter, list, map, ref, register, select, set, text } from './index.ts'
import type { Initial, View } from './index.ts'

test('[SC19, SC20] the example of the README runs as it stands there', () => {
  const stored: View<typeof notes>[] = []
  // begin
  const status = z.enum(['open', 'done'])
  const notes = collection(
    'notes',
    {
      title: register(z.string()), //                     one value: the last write wins
      status: register(status).conflicts('manual'), //    … or people settle it
      body: text(), //                                    merges by character
      tags: set(z.string()), //                           an addition wins
      minutes: counter(), //                              adds up
      steps: list(z.string()), //                         an order
      settings: map(z.boolean()), //                      values by name
      about: ref('courses', { whenGone: 'clear' }), //    the id of another entity
      grade: register(z.number()).writtenBy('server'), // everybody reads, the server writes
      stars: register(z.number()).writtenBy('owner'), //  one value for each user
    },
    {
      space: 'course',
      deletion: 'edit-wins', // an edit brings back what somebody deletes meanwhile
      derive: { votes: (note) => Object.keys(note.stars).length },
    },
  )

  const first: Initial<typeof notes> = { title: 'Photosynthesis', tags: ['biology'], stars: 4 }
  const show = (note: View<typeof notes>): string => `${note.title} (${note.minutes} min, ${note.votes} votes)`
  const found = select(stored, {
    where: { status: 'open', minutes: { above: 5 }, tags: { has: 'biology' } },
    orderBy: [{ votes: 'descending' }, 'title'],
    limit: 20,
  })
  // end
  expect([Object.keys(first), found, show.length]).toEqual([['title', 'tags', 'stars'], [], 1])
  const own = readFileSync(import.meta.filename, 'utf8')
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const code = (own.split('// begin\n')[1]?.split('  // end')[0] ?? '').replaceAll(/^ {2}/gm, '')
  expect(code.length).toBeGreaterThan(500)
  expect(readme).toContain(code.trimEnd())
})
