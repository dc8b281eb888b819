import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benches } from './benches/index.ts'
import { gates } from './gates.ts'

export interface Settings {
  readonly names: readonly string[]
  readonly quick: boolean
  readonly json: boolean
  readonly rounds: number
  readonly seed: number
  readonly traceFile: string
  /** On the disk that is measured. */
  readonly dir: string
  /** A folder for the result and its page. */
  readonly out?: string
  /** A result to compare with. */
  readonly compare?: string
  /** A result to take instead of running anything. */
  readonly against?: string
  /** Whether a missed gate fails. */
  readonly gate: boolean
}

export class UsageError extends Error {}

export const usage: string = `npm run bench -- [NAME…] [--quick] [--json] [--out DIR] [--compare BASE.json [--against OTHER.json]] [--gate]
                 [--rounds N] [--seed N] [--trace FILE] [--dir DIR] [--help]
names: ${Object.keys(benches).join(', ')} (all if none is given; with --gate those that have a gate)`

const root = resolve(import.meta.dirname, '../..')

/** Undefined asks for the usage. */
export function settings(args: string[]): Settings | undefined {
  const { values, positionals } = parse(args)
  if (values.help === true) return undefined
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no benchmark “${unknown}”.\n${usage}`)
  const { quick = false, json = false, gate = false, out, compare, against } = values
  if (against !== undefined && compare === undefined && !gate)
    throw new UsageError(`--against takes the place of a run, so it needs --compare or --gate.\n${usage}`)
  if (against !== undefined && positionals.length > 0)
    throw new UsageError(`--against takes the place of a run, so no benchmark can be named.\n${usage}`)
  const ofRun = (['quick', 'rounds', 'seed', 'trace', 'dir'] as const).find((name) => values[name] !== undefined)
  if (against !== undefined && ofRun !== undefined)
    throw new UsageError(`--against takes the place of a run, so --${ofRun} means nothing with it.\n${usage}`)
  const traceFile = resolve(values.trace ?? join(root, 'packages/cli/traces/automerge-paper.json.gz'))
  if (!existsSync(traceFile)) throw new UsageError(`There is no trace ${traceFile}; name one with --trace.`)
  return {
    names: positionals.length > 0 ? positionals : Object.keys(benches).filter((name) => !gate || isGated(name)),
    quick,
    json,
    gate,
    rounds: positive('rounds', values.rounds ?? (quick ? '3' : '11')),
    seed: positive('seed', values.seed ?? '1'),
    traceFile,
    dir: resolve(values.dir ?? join(root, '.rejoin/benchmarks')),
    ...(out === undefined ? {} : { out: resolve(out) }),
    ...(compare === undefined ? {} : { compare: resolve(compare) }),
    ...(against === undefined ? {} : { against: resolve(against) }),
  }
}

const isGated = (name: string): boolean => gates.some(({ bench }) => bench === name)

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        gate: { type: 'boolean' },
        out: { type: 'string' },
        compare: { type: 'string' },
        against: { type: 'string' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        trace: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`)
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number above 0.\n${usage}`)
  return value
}
