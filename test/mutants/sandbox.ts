import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { run } from './command.ts'
import type { Mutant } from './patch.ts'

const buildSecondsMax = 300

/** A copy of the repository, elsewhere, in which anything may be broken. */
export class Sandbox {
  readonly folder: string

  constructor(root: string) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'rejoin-mutants-')))
    copyTree(root, this.folder)
    this.#git('init', '--quiet')
    this.#git('add', '--all')
    this.#git('-c', 'user.name=mutants', '-c', 'user.email=mutants@localhost', 'commit', '--quiet', '-m', 'As it is')
  }

  /** What is wrong with the patch, if anything. */
  apply({ path }: Mutant): string | undefined {
    try {
      this.#git('apply', path)
      return undefined
    } catch (cause) {
      return `does not apply: ${firstLine(cause instanceof Error ? cause.message.replace(/^.*\n/, '') : String(cause))}`
    }
  }

  async build(): Promise<string | undefined> {
    const { status, out } = await run('tsc', ['-b'], { cwd: this.folder, secondsMax: buildSecondsMax })
    return status === 0 ? undefined : `does not build: ${firstLine(out)}`
  }

  /** Everything as it was, but for what was built. */
  restore(): void {
    this.#git('checkout', '--quiet', '--', '.')
    this.#git('clean', '-dffq')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #git(...args: string[]): void {
    execFileSync('git', args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
}

/** What git knows or would take in, as it is on disk; and the modules. */
function copyTree(root: string, folder: string): void {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of new Set(list.toString().split('\0'))) {
    if (file === '' || !existsSync(join(root, file))) continue
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(root, file), join(folder, file))
  }
  for (const at of ['.', 'packages', 'examples'].flatMap((parent) => placesOf(root, parent)))
    if (existsSync(join(root, at, 'node_modules'))) linkModules(root, folder, join(at, 'node_modules'))
}

const placesOf = (root: string, parent: string): readonly string[] =>
  parent === '.' ? ['.', 'benchmarks'] : readdirSync(join(root, parent)).map((name) => join(parent, name))

/** Third parties are those of the repository; its own packages are those of the copy. Caches stay where they are. */
function linkModules(root: string, folder: string, modules: string): void {
  mkdirSync(join(folder, modules), { recursive: true })
  for (const name of readdirSync(join(root, modules))) {
    const path = join(modules, name)
    if (name.startsWith('@')) {
      mkdirSync(join(folder, path))
      for (const scoped of readdirSync(join(root, path))) linkModule(root, folder, join(path, scoped))
    } else if (name === '.bin' || !name.startsWith('.')) linkModule(root, folder, path)
  }
}

function linkModule(root: string, folder: string, path: string): void {
  const inside = relative(realpathSync(root), realpathSync(join(root, path)))
  const isOurs = !inside.startsWith('..') && !inside.split('/').includes('node_modules')
  symlinkSync(isOurs ? join(folder, inside) : realpathSync(join(root, path)), join(folder, path))
}

export const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '') ?? 'nothing was said'
