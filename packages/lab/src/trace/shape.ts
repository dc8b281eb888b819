import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { GapBuffer } from './gap-buffer.ts'

/** Replaces `deleted` units at `at` by `inserted`. */
export type Patch = readonly [at: number, deleted: number, inserted: string]

/** What is no trace is refused by the end of a sentence that begins with the name of the file. */
export function parseObject(json: string): Result<Readonly<Record<string, unknown>>, string> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return err('is not a trace: it is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return err('is not a trace: it is not a JSON object.')
  return ok(value as Record<string, unknown>)
}

/** A patch as both formats have it, in code points; a time behind it is not looked at. The error is a clause about the patch. */
export function parsePatch(raw: unknown): Result<Patch, string> {
  const [position, deleted, inserted, time = '', ...rest] = Array.isArray(raw) ? (raw as unknown[]) : []
  if (!isCount(position) || !isCount(deleted) || typeof inserted !== 'string')
    return err('is not [position, deleted, inserted]')
  if (typeof time !== 'string' || rest.length > 0) return err('is not [position, deleted, inserted]')
  if (!inserted.isWellFormed()) return err('inserts text that is not well-formed Unicode')
  return ok([position, deleted, inserted])
}

/** Applies a patch in code points and returns it in UTF-16 units. */
export function replay(model: GapBuffer, patch: Patch): Result<Patch, string> {
  const [position, deleted, inserted] = patch
  if (position + deleted > model.length) return err(outside(patch, model.length))
  model.moveTo(position)
  const at = position + model.wideBefore
  const units = deleted + model.delete(deleted)
  model.insert(pointsOf(inserted))
  return ok([at, units, inserted])
}

export const outside = ([position, deleted]: Patch, length: number): string =>
  `reaches to ${position + deleted} in a text of ${length} characters`

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const pointsOf = (text: string): number[] => Array.from(text, (point) => point.codePointAt(0) ?? 0)
