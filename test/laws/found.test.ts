import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entityLaws, parseHistory } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, 'found')

for (const file of globSync('*.history', { cwd: folder }).toSorted())
  test(`${file} is not found again`, () => {
    const laws = entityLaws.filter(({ title }) => title.startsWith(`[${file.split('-', 1)[0]}]`))
    expect(laws.length).toBeGreaterThan(0)
    const history = parseHistory(readFileSync(join(folder, file), 'utf8'))
    for (const law of laws) law.replay(yjs, history)
  })
