import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A bug to be planted, as its file says. */
export interface Mutant {
  /** File name without `.patch`: `M01-ack-before-commit`. */
  readonly name: string
  /** `M01` for a bug of the list that every release is held to, `R01` for one that Rejoin itself once had. */
  readonly id: string
  readonly bug: string
  /** Where a real system had it. */
  readonly seen: string
  /** The promise or invariant that it breaks. */
  readonly breaks: string
  /** Filters for the test files that should catch it; they run before all others. */
  readonly tests: readonly string[]
  /** Paths that the diff changes. */
  readonly files: readonly string[]
  readonly path: string
}

const names = /^([MR]\d{2})-[a-z0-9-]+$/
const source = /^packages\/[a-z]+\/src\/(?!.*\.test\.)[\w/.-]+\.ts$/
const linesMax = 60

/** Throws an `Error` that says what the file lacks. */
export function parseMutant(path: string, text: string): Mutant {
  const name = basename(path, '.patch')
  const id = names.exec(name)?.[1]
  if (id === undefined) throw new Error(`${name}: a patch is called M01-what-it-does or R01-what-it-does.`)
  const start = text.search(/^diff --git /m)
  if (start === -1) throw new Error(`${name}: there is no diff.`)
  const header = fieldsOf(text.slice(0, start))
  const field = (key: string): string => {
    const value = header.get(key)
    if (value === undefined) throw new Error(`${name}: the header has no line "${key}: …".`)
    return value
  }
  const files = changedIn(text.slice(start))
  for (const file of files)
    if (!source.test(file)) throw new Error(`${name}: ${file} is not source of a package, or is a test.`)
  const changed = text.slice(start).match(/^[+-](?![+-]{2} )/gm)?.length ?? 0
  if (changed === 0 || changed > linesMax)
    throw new Error(`${name}: ${changed} changed lines; a mutant is one bug of at most ${linesMax}.`)
  const tests = field('tests').split(/\s+/)
  return { name, id, bug: field('bug'), seen: field('seen'), breaks: field('breaks'), tests, files, path }
}

/** All of a folder, by name. */
export const readMutants = (folder: string): readonly Mutant[] =>
  globSync('*.patch', { cwd: folder })
    .toSorted()
    .map((file) => parseMutant(join(folder, file), readFileSync(join(folder, file), 'utf8')))

/** Lines `key: value`, and indented ones that go on with the one before. */
function fieldsOf(header: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const paragraph of header.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const [, key, value] = /^([a-z]+): (.*\S)\s*$/.exec(paragraph) ?? []
    if (key !== undefined && value !== undefined) fields.set(key, value)
  }
  return fields
}

const changedIn = (diff: string): readonly string[] =>
  [...diff.matchAll(/^(?:---|\+\+\+) (?:[ab]\/)?(\S+)$/gm)].map(([, path = '']) => path).filter(isFirst)

const isFirst = (path: string, at: number, all: readonly string[]): boolean => all.indexOf(path) === at
