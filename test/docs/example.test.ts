import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = new URL('../../', import.meta.url)

test('the example ends with both devices equal and the note graded', async () => {
  const { stdout } = await run(process.execPath, ['examples/notes/src/main.ts'], { cwd: root, timeout: 60_000 })
  expect(stdout).toContain("body: 'In leaves: Light becomes sugar. And oxygen.'")
  expect(stdout).toContain('minutes: 15')
  expect(stdout).toContain('grade: 5')
})

test('the example without client and server ends with both devices equal, and keeps the note', async () => {
  const { stdout, stderr } = await run(process.execPath, ['examples/any-provider/src/main.ts'], {
    cwd: root,
    timeout: 60_000,
  })
  const parts = stdout.split(/^(?=offline|online|restarted)/m)
  expect(parts.map((part) => part.split(' ')[0])).toEqual(['offline', 'online', 'restarted'])
  const bodies = parts.map((part) => [...part.matchAll(/body: '([^']*)'/g)].map(([, body]) => body))
  const merged = 'In leaves: Light becomes sugar. And oxygen.'
  expect(bodies).toEqual([
    ['In leaves: Light becomes sugar.', 'Light becomes sugar. And oxygen.'],
    [merged, merged],
    [merged],
  ])
  expect(parts.map((part) => part.match(/minutes: 15/g)?.length ?? 0)).toEqual([0, 2, 1])
  // Two copies of Yjs would warn here.
  expect(stderr).toBe('')
})

test('the schema in the README is that of the example', async () => {
  const [readme, example] = await Promise.all(
    ['README.md', 'examples/notes/src/main.ts'].map((file) => readFile(new URL(file, root), 'utf8')),
  )
  const schema = /const notes = collection\([\s\S]*?\n\)\n/.exec(readme ?? '')?.[0] ?? 'none'
  expect(example).toContain(schema)
})
