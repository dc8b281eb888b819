import { cellsOf, countOfCells } from './plan.ts'
import { isOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { spoiltIn } from './whole-outcome.ts'

/** What is done of a plan: its first runs, in the order of its cells. */
export interface RunLog {
  readonly outcomes: readonly Outcome[]
  append(outcome: Outcome): void
  close(): void
}

/** Of a campaign that nobody wants to go on with. */
export function memoryLog(): RunLog {
  const outcomes: Outcome[] = []
  return { outcomes, append: (outcome) => void outcomes.push(outcome), close: () => undefined }
}

/** A folder or file that a campaign cannot go on with; the message is a sentence that says why. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError'
}

const format = 'rejoin lab runs'
const version = 1

/** Of every header: what is torn so early has nothing to lose, and what begins otherwise is somebody else's. */
const beginning = JSON.stringify({ format, version }).slice(0, -1)

/** The first line of the file: what the runs behind it are of. */
export const headerOf = (plan: Plan): string => `${JSON.stringify({ format, version, plan })}\n`

export const lineOf = (outcome: Outcome): string => `${JSON.stringify(outcome)}\n`

export interface Read {
  readonly outcomes: readonly Outcome[]
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
  if (header === undefined) {
    if (!text.startsWith(beginning.slice(0, text.length))) throw new RunLogError(`${name} is not a list of runs.`)
    return { outcomes: [], whole: 0 }
  }
  const begun = parsed(header) as { format?: unknown; version?: unknown; plan?: unknown } | undefined
  if (begun?.format !== format || begun.version !== version) throw new RunLogError(`${name} is not a list of runs.`)
  if (JSON.stringify(begun.plan) !== JSON.stringify(plan))
    throw new RunLogError(
      `${name} is of another plan: ${differenceOf(begun.plan as Plan, plan)}; give another folder, or the same words as then.`,
    )
  if (lines.length > countOfCells(plan)) throw new RunLogError(`${name} has more runs than its plan.`)
  const cells = cellsOf(plan)
  const outcomes = lines.map((line, index) => {
    const outcome = parsed(line) as Outcome | undefined
    const { value: cell } = cells.next()
    if (outcome === undefined || cell === undefined || !isOf(outcome, cell))
      throw new RunLogError(`${name} is damaged in line ${index + 2}: it is not the run that belongs there.`)
    const spoilt = spoiltIn(outcome)
    if (spoilt !== undefined)
      throw new RunLogError(
        `${name} is damaged in line ${index + 2}: its ${spoilt} cannot be; give another folder, or remove that line and all behind it.`,
      )
    return outcome
  })
  return { outcomes, whole }
}

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
