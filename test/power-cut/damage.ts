import { Dice } from './dice.ts'
import type { Files } from './disk.ts'

/**
 * What a store made of damaged files.
 * - `same`: it answers everything as before: the damage lies where nothing is, or the log repairs it
 * - `said`: it refused to open, refused an answer, or reported; what it answered is right
 * - `silent`: it answered something that is not so, and said nothing
 */
export type Verdict =
  | { readonly kind: 'same' | 'said'; readonly how?: string }
  | { readonly kind: 'silent'; readonly how: string }

export interface Damage {
  readonly what: string
  readonly files: Files
}

/** One bit of a file turned over, at so many places spread evenly over it, each with dice of its own. */
export function* flips(files: Files, name: string, count: number, seed: number): Generator<Damage> {
  const sound = files.get(name) ?? new Uint8Array()
  const dice = new Dice(seed)
  const stride = sound.length / count
  for (let i = 0; i < count; i++) {
    const at = Math.floor(i * stride + dice.float() * stride)
    const bytes = sound.slice()
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
    yield { what: `${name} flipped at ${at}`, files: new Map([...files, [name, bytes]]) }
  }
}

/** A file cut off at so many places, from nothing on. */
export function* truncations(files: Files, name: string, count: number, seed: number): Generator<Damage> {
  const sound = files.get(name) ?? new Uint8Array()
  const dice = new Dice(seed)
  for (let i = 0; i < count; i++) {
    const size = i === 0 ? 0 : dice.below(sound.length)
    yield { what: `${name} cut off at ${size}`, files: new Map([...files, [name, sound.slice(0, size)]]) }
  }
}

export const without = (files: Files, name: string): Damage => ({
  what: `${name} removed`,
  files: new Map([...files].filter(([other]) => other !== name)),
})

export type Tally = Readonly<Record<Verdict['kind'], number>> & {
  readonly silent: number
  readonly failures: readonly string[]
}

/** Has each damage judged, and counts. */
export async function tally(damages: Iterable<Damage>, judge: (files: Files) => Promise<Verdict>): Promise<Tally> {
  const counts = { same: 0, said: 0, silent: 0 }
  const failures: string[] = []
  for (const { what, files } of damages) {
    const verdict = await judge(files)
    counts[verdict.kind]++
    if (verdict.kind === 'silent') failures.push(`${what}: ${verdict.how}`)
  }
  return { ...counts, failures }
}
