import { readFileSync } from 'node:fs'

/** A module and all that it imports, as Node finds them. */
export function moduleGraph(specifier: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const waiting = [import.meta.resolve(specifier)]
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (files.has(url) || !url.startsWith('file:')) continue
    const bytes = readFileSync(new URL(url))
    files.set(url, bytes)
    for (const name of importsOf(bytes.toString('utf8')))
      waiting.push(name.startsWith('.') ? new URL(name, url).href : import.meta.resolve(name))
  }
  return files
}

/** Static ones, each at the start of a line, as bundles and compilers write them. */
const importsOf = (source: string): string[] =>
  [...source.matchAll(/^(?:import|export)\b(?:[^'"`;()=]*\bfrom)?\s*['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? '')
