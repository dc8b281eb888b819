/**
 * Packs every public package, puts the tarballs into an empty project as npm would, and uses them from
 * there: every subpath is imported, the declarations are compiled, publint and attw are asked. Third
 * parties are linked from this repository, so nothing is fetched. One line per package; exit status 1 if any fails.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Candidate {
  readonly folder: string
  readonly manifest: Manifest
  readonly tarball: string
  /** Where the project has it installed. */
  readonly installed: string
}

const root = resolve(import.meta.dirname, '../..')
const temporary = mkdtempSync(join(tmpdir(), 'rejoin-packaging-'))
const project = join(temporary, 'project')
const modules = join(project, 'node_modules')
const tarballs = join(temporary, 'tarballs')

try {
  process.exitCode = await main()
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

async function main(): Promise<0 | 1> {
  const candidates = findPublic()
  pack(candidates)
  for (const candidate of candidates) install(candidate)
  linkThirdParties(candidates)
  let failed = 0
  for (const candidate of candidates) failed += report(candidate.manifest, await problemsOf(candidate))
  const declarations = compileConsumer(candidates)
  if (declarations !== '') process.stdout.write(`FAIL declarations as a consumer compiles them\n${declarations}\n`)
  return failed > 0 || declarations !== '' ? 1 : 0
}

function findPublic(): Candidate[] {
  const folders = globSync('packages/*/package.json', { cwd: root }).toSorted().map(dirname)
  const found = folders.map((folder) => {
    const manifest = parseManifest(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    return { folder, manifest, tarball: join(tarballs, file), installed: join(modules, manifest.name) }
  })
  return found.filter(({ manifest }) => manifest.private !== true)
}

function parseManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest
}

function pack(candidates: readonly Candidate[]): void {
  mkdirSync(tarballs, { recursive: true })
  const workspaces = candidates.flatMap(({ folder }) => ['-w', folder])
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', tarballs, ...workspaces], root)
}

function install({ tarball, installed }: Candidate): void {
  mkdirSync(installed, { recursive: true })
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], root)
}

function linkThirdParties(candidates: readonly Candidate[]): void {
  const wanted = candidates.flatMap(({ manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
  )
  for (const name of new Set([...wanted, '@types/node', '@types/ws'])) {
    const link = join(modules, name)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
}

async function problemsOf(candidate: Candidate): Promise<string[]> {
  const { manifest, installed, tarball } = candidate
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
  return [
    ...contentProblems(candidate),
    ...undeclared(candidate),
    ...importProblems(manifest),
    ...messages.map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`),
    ...outputUnlessOk('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color']),
  ]
}

function contentProblems({ manifest, installed }: Candidate): string[] {
  const targets = Object.values(manifest.exports).flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to)))
  const bins = Object.values(manifest.bin ?? {})
  const needed = ['README.md', ...targets, ...bins]
  const unwanted = globSync(['**/*.test.*', '**/*.tsbuildinfo'], { cwd: installed })
  return [
    ...needed.filter((file) => !existsSync(join(installed, file))).map((file) => `${file} is not in the tarball`),
    ...unwanted.map((file) => `${file} does not belong into the tarball`),
    ...bins.filter((bin) => !startsWithShebang(join(installed, bin))).map((bin) => `${bin} has no #! line`),
  ]
}

/** Packages that the code imports and package.json does not name; the project has what any package names. */
function undeclared({ manifest, installed }: Candidate): string[] {
  const declared = new Set([manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })])
  const files = globSync('dist/**/*.{js,d.ts}', { cwd: installed }).toSorted()
  const found = files.flatMap((file) => {
    const code = readFileSync(join(installed, file), 'utf8')
    const names = [...code.matchAll(/\b(?:from|import\() ?'((?:@[\w.-]+\/)?[\w][\w.-]*)[/']/g)].map(
      (match) => match[1] ?? '',
    )
    return names.filter((name) => !declared.has(name)).map((name) => `${file} imports ${name}, which is not declared`)
  })
  return [...new Set(found)]
}

function startsWithShebang(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')
}

/** Specifiers of all subpaths that are code. */
function specifiers({ name, exports }: Manifest): string[] {
  const code = Object.keys(exports).filter((subpath) => !subpath.endsWith('.json'))
  return code.map((subpath) => name + subpath.slice(1))
}

function importProblems(manifest: Manifest): string[] {
  const code = specifiers(manifest).map((name) => `await import(${JSON.stringify(name)})`)
  return outputUnlessOk(process.execPath, ['--input-type=module', '--eval', code.join('\n')])
}

/** What the compiler says to a program that imports everything, without `skipLibCheck`. */
function compileConsumer(candidates: readonly Candidate[]): string {
  const names = candidates.flatMap(({ manifest }) => specifiers(manifest))
  const code = names.map((name, i) => `import * as _${i} from '${name}'\nvoid _${i}\n`).join('')
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2023', noEmit: true, types: ['node'] }
  writeFileSync(join(project, 'use.ts'), code)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
  return outputUnlessOk('tsc', ['-p', project]).join('\n')
}

function report({ name, exports }: Manifest, problems: readonly string[]): 0 | 1 {
  const entries = Object.keys(exports).length
  const verdict = problems.length === 0 ? 'ok  ' : 'FAIL'
  process.stdout.write(`${verdict} ${name.padEnd(20)} ${entries} entries, ${problems.length} problems\n`)
  for (const problem of problems) process.stdout.write(`     ${problem.trim().replaceAll('\n', '\n     ')}\n`)
  return problems.length === 0 ? 0 : 1
}

function outputUnlessOk(command: string, args: readonly string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: project, encoding: 'utf8' })
  if (error !== undefined) return [`${command} could not be started: ${error.message}`]
  return status === 0 ? [] : [`${stdout}${stderr}`]
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr}`)
}
