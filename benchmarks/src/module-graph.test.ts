import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { moduleGraph } from './module-graph.ts'

test('a module counts with all that it imports, each once, and nothing of Node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'graph-'))
  const files = {
    'a.js': `import * as b from './b.js'\nimport {\n  c\n} from "./c.js"\nexport const text = 'no import'\n`,
    'b.js': `export * from './c.js'\nimport './d.js'\nimport { join } from 'node:path'\n`,
    'c.js': `import { text } from './a.js'\nexport const c = 1\n`,
    'd.js': ``,
    'unused.js': `export {}\n`,
  }
  try {
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source)
    const graph = moduleGraph(pathToFileURL(join(folder, 'a.js')).href)
    const names = [...graph.keys()].map((url) => url.split('/').at(-1))
    expect(names).toHaveLength(4)
    expect(new Set(names)).toEqual(new Set(['a.js', 'b.js', 'c.js', 'd.js']))
    expect(Buffer.concat([...graph.values()]).length).toBe((files['a.js'] + files['b.js'] + files['c.js']).length)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
