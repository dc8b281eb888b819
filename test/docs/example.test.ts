import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = new URL('../../', import.meta.url)

test('the example ends with both devices equal and the note graded', async () => {
  const { stdout } = await run(process.execPath, ['examples/notes/src/main.ts'], { cwd: root })
  expect(stdout).toContain("body: 'In leaves: Light becomes sugar. And oxygen.'")
  expect(stdout).toContain('minutes: 15')
  expect(stdout).toContain('grade: 5')
})

test('the schema in the README is that of the example', async () => {
  const [readme, example] = await Promise.all(
    ['README.md', 'examples/notes/src/main.ts'].map((file) => readFile(new URL(file, root), 'utf8')),
  )
  const schema = /const notes = collection\([\s\S]*?\n\)\n/.exec(readme ?? '')?.[0] ?? 'none'
  expect(example).toContain(schema)
})
