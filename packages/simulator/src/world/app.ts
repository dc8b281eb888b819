import { collection, counter, list, register, set, text } from '@rejoin/schema'

/** Every field kind that there is. Each edit leaves one mark in `marks`, adds 1 to `count`, and types its mark into `body`. */
export const notes = collection(
  'notes',
  { title: register(), body: text(), marks: set(), count: counter(), steps: list() },
  { space: 'world' },
)

export const theSpace = 'earth'
export const collections = { notes }
