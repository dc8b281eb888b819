import type { RunResult } from '../run.ts'
import { cellsOf, countOfCells } from './plan.ts'
import type { Cell, Plan } from './plan.ts'

/** What is done of a plan: its first runs, in the order of its cells. */
export interface RunLog {
  readonly results: readonly RunResult[]
  append(result: RunResult): void
  close(): void
}

/** Of a campaign that nobody wants to go on with. */
export function memoryLog(): RunLog {
  const results: RunResult[] = []
  return { results, append: (result) => void results.push(result), close: () => undefined }
}

/** A folder or file that a campaign cannot go on with; the message is a sentence that says why. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError'
}

const format = 'rejoin lab runs'
const version = 1

/** The first line of the file: what the runs behind it are of. */
export const headerOf = (plan: Plan): string => `${JSON.stringify({ format, version, plan })}\n`

export const lineOf = (result: RunResult): string => `${JSON.stringify(result)}\n`

export interface Read {
  readonly results: readonly RunResult[]
  /** So much of the text is lines that are whole, in characters: ends with the last of them. */
  readonly whole: number
}

/**
 * What a file's text says is done of the plan. A last line without its end was torn by a crash and does not count, nor
 * does a torn header. Throws a RunLogError if the file is of something else; `name` is what people call it.
 */
export function readLog(text: string, plan: Plan, name: string): Read {
  const whole = text.lastIndexOf('\n') + 1
  const [header, ...lines] = text.slice(0, whole).split('\n').slice(0, -1)
  if (header === undefined) return { results: [], whole: 0 }
  const begun = parsed(header) as { format?: unknown; version?: unknown; plan?: unknown } | undefined
  if (begun?.format !== format || begun.version !== version) throw new RunLogError(`${name} is not a list of runs.`)
  if (JSON.stringify(begun.plan) !== JSON.stringify(plan))
    throw new RunLogError(
      `${name} is of another plan: ${differenceOf(begun.plan as Plan, plan)}; give another folder, or the same words as then.`,
    )
  if (lines.length > countOfCells(plan)) throw new RunLogError(`${name} has more runs than its plan.`)
  const cells = cellsOf(plan)
  const results = lines.map((line, index) => {
    const result = parsed(line) as RunResult | undefined
    const { value: cell } = cells.next()
    if (result === undefined || cell === undefined || !isOf(result, cell))
      throw new RunLogError(`${name} is damaged in line ${index + 2}: it is not the run that belongs there.`)
    return result
  })
  return { results, whole }
}

const isOf = (result: RunResult, { policy, workload, conditions, seed }: Cell): boolean =>
  result.policy === policy &&
  result.workload === workload &&
  result.conditions === conditions.name &&
  result.seed === seed

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The first part in which plans differ, and what it is there. */
function differenceOf(there: Partial<Plan> | undefined, here: Plan): string {
  const parts = Object.keys(here) as (keyof Plan)[]
  const part = parts.find((name) => JSON.stringify(there?.[name]) !== JSON.stringify(here[name]))
  if (part === undefined) return 'it has parts that this one has not'
  return `its ${part} are ${wordOf(there?.[part])}, and not ${wordOf(here[part])}`
}

function wordOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value) ?? 'missing'
  return value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', ')
}
