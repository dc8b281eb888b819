import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EngineDocument } from '../engine.ts'
import { lastWriteWins } from './index.ts'

test('[DO233] the example of the README runs as it stands there', () => {
  // begin
  const wrong = { now: () => Date.now() + 60_000 } // the clock of one device: each has an engine of its own
  const phone = lastWriteWins({ unit: 'field', order: 'wall-clock', clock: wrong }).create()
  const laptop = lastWriteWins({ unit: 'field', order: 'wall-clock', clock: Date }).create()
  for (const [i, document] of [phone, laptop].entries()) document.setClient(i + 1)
  const write = (document: EngineDocument, value: string) =>
    document.transact(() => void document.registers.append('title', 0, value))
  const first = write(phone, 'Light')
  if (first !== undefined) laptop.apply([first])
  write(laptop, 'Photosynthesis') // by whoever has read 'Light', and half a minute later
  laptop.registers.survivors('title') // 'Light': lost the moment it was written
  // end
  expect(laptop.registers.survivors('title').map(({ value }) => value)).toEqual(['Light'])
  const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('## Last write wins')[1] ?? ''
  const own = readFileSync(import.meta.filename, 'utf8')
  expect(plain(/```ts\nimport [^\n]*\n([\s\S]*?)```/.exec(page)?.[1] ?? '')).toBe(
    plain(/\/\/ begin\n([\s\S]*?)\/\/ end/.exec(own)?.[1] ?? ''),
  )
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '')
