import { parseArgs } from 'node:util'

export interface TortureOptions {
  readonly kills: number
  readonly seed: number
  /** Each round draws its own number unless told. */
  readonly replicas: number | undefined
  readonly json: boolean
}

const killsUnlessTold = 100
const killsMax = 1_000_000
export const replicasMin = 2
export const replicasMax = 4
const usage = 'usage: npm run torture -- [--kills N] [--seed S] [--replicas R] [--json]'

/** What was asked for, or a sentence on why that cannot be. `seed` stands for one that was not told. */
export function readOptions(words: readonly string[], seed: number): TortureOptions | string {
  const text = { type: 'string' } as const
  const options = { kills: text, seed: text, replicas: text, json: { type: 'boolean' } } as const
  try {
    const { values } = parseArgs({ args: [...words], options })
    return {
      kills: whole('kills', values.kills, 1, killsMax) ?? killsUnlessTold,
      seed: whole('seed', values.seed, 0, Number.MAX_SAFE_INTEGER) ?? seed,
      replicas: whole('replicas', values.replicas, replicasMin, replicasMax),
      json: values.json ?? false,
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    return `${said.split(/\.(?:\s|$)/)[0]}; ${usage}`
  }
}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new RangeError(`--${name} is a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`)
}
