import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'

/** A seed that once broke a promise, with its plan as it was then: a changed `planOf` would make another one of it. */
export interface Regression {
  readonly seed: number
  readonly plan: Plan
  /** What was wrong, in a sentence. */
  readonly why: string
}

/** Reads the text of a regression's file. Throws if it is none: a file that is skipped proves nothing. */
export function parseRegression(text: string): Regression {
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || typeof value.why !== 'string' || !isObject(value.plan) || value.plan.seed !== value.seed)
    throw new TypeError('A regression is { seed, plan, why }, and its plan has its seed.')
  const model = planOf(1)
  if (!hasShape(value.plan, model)) throw new TypeError('The plan of a regression has the fields that plans have now.')
  return value as unknown as Regression
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Whether it has the fields of the model, of the same types. */
function hasShape(value: unknown, model: unknown): boolean {
  if (!isObject(model)) return typeof value === typeof model
  return isObject(value) && Object.keys(model).every((name) => hasShape(value[name], model[name]))
}
