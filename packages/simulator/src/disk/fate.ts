import { RejoinError } from '@rejoin/base'
import type { Row, StoreFailureKind } from '@rejoin/storage'
import type { DiskDice } from './sectors.ts'

/** What becomes of a call before it reaches the store. */
export type Fate =
  /** It fails, and nothing was done. */
  | { readonly kind: 'fail'; readonly failure: DeviceFailureKind }
  /** It is never answered, and neither is any that comes after it: calls take their turns. */
  | { readonly kind: 'hang' }
  /**
   * A bit of one of the values that it reads is not what was written; if it lasts, on the disk too. `flipped` is called
   * if there was a bit to flip.
   */
  | { readonly kind: 'flip'; readonly dice: DiskDice; readonly lasts?: boolean; readonly flipped?: () => void }

type DeviceFailureKind = Exclude<StoreFailureKind, 'conflict'>

/** Asked before each call; `nth` counts the calls of a kind from 1 over the life of the disk. */
export type FateOf<Call extends string> = (call: Call, nth: number) => Fate | undefined

/** The failure of a call, or undefined if it goes on. */
export const failed = (
  fate: Fate | undefined,
  call: string,
): { kind: DeviceFailureKind; message: string } | undefined =>
  fate?.kind === 'fail' ? { kind: fate.failure, message: `The disk of this world fails this ${call}.` } : undefined

/** The fate of an open: it is left alone, fails, or is never done. */
export async function opening(fate: Fate | undefined): Promise<void> {
  const failure = failed(fate, 'open')
  if (failure !== undefined) throw new RejoinError(failure.kind, failure.message)
  if (fate?.kind === 'hang') await never()
}

/** Something that is never answered. */
export const never = (): Promise<never> => new Promise(() => undefined)

/** Flips a bit of the value of one of these rows in place; nothing if all are empty. Returns its key, and what it was. */
export function flipOne(rows: readonly Row[], dice: DiskDice): Row | undefined {
  const full = rows.filter(([, { length }]) => length > 0)
  const [key, value] = full[dice.below(full.length)] ?? []
  if (key === undefined || value === undefined) return undefined
  const was = value.slice()
  const at = dice.below(value.length)
  value[at] = (value[at] ?? 0) ^ (1 << dice.below(8))
  return [key, was]
}
