import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Field } from './field.ts'
import { canonicalJson, toJson } from './json.ts'
import type { Json } from './json.ts'

/** JSON in, the schema's verdict, JSON out. The schema sees a copy, so it cannot change what is stored. */
export function validator(schema: StandardSchemaV1 | undefined): (value: unknown) => Result<Json, string> {
  if (schema === undefined) return toJson
  return (value) => {
    const given = toJson(value)
    if (!given.ok) return given
    const verdict = ask(schema, given.value)
    return verdict.ok && !isSameText(verdict.value, given.value)
      ? toJson(verdict.value)
      : (verdict as Result<Json, string>)
  }
}

/** Spares most values a second look. What is no text may have become another in its place, or -0. */
const isSameText = (a: unknown, b: Json): boolean => typeof a === 'string' && a === b

/** Stored values are given to the schema as they are; what it refuses goes through `upgrade` first. */
export function fitter(
  validate: Field['validate'],
  upgrade: ((stored: Json) => unknown) | undefined,
): (stored: Json) => Result<Json, string> {
  if (upgrade === undefined) return validate
  return (stored) => {
    const fits = validate(stored)
    if (fits.ok) return fits
    try {
      return validate(upgrade(stored))
    } catch (cause) {
      return err(`its upgrade threw: ${reasonOf(cause)}`)
    }
  }
}

/**
 * The value to store for what a caller gave. Throws `bad-value` with the field's name. Stored values are
 * validated again when they are read, so a schema has to leave its own output as it is.
 */
export function acceptValue(field: Field, value: unknown): Json {
  const accepted = field.validate(value)
  if (!accepted.ok) throw badValue(field, accepted.error)
  if (accepted.value !== value && field.validate !== toJson && !isFixed(field, accepted.value))
    throw badValue(field, 'its schema does not accept its own output unchanged, so the stored value could not be read')
  return accepted.value
}

/** An error about a value for this field. */
export const badValue = (field: Field, what: string): RejoinError =>
  new RejoinError('bad-value', `Field ${field.name}: ${what}.`)

/** What an app's function threw, as text, whatever it is. */
export function reasonOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause)
  } catch {
    return 'something without a text'
  }
}

function isFixed(field: Field, value: Json): boolean {
  const again = field.validate(value)
  return again.ok && canonicalJson(again.value) === canonicalJson(value)
}

function ask(schema: StandardSchemaV1, value: Json): Result<unknown, string> {
  try {
    const verdict = schema['~standard'].validate(value)
    if (verdict instanceof Promise) return refuseAsync(verdict)
    return verdict.issues === undefined ? ok(verdict.value) : err(issuesText(verdict.issues))
  } catch (cause) {
    return err(`its schema threw: ${reasonOf(cause)}`)
  }
}

function refuseAsync(verdict: Promise<unknown>): Result<never, string> {
  verdict.catch(() => undefined)
  return err('its schema validates asynchronously, which an edit cannot wait for')
}

/** The first three issues, each with its path. */
function issuesText(issues: readonly StandardSchemaV1.Issue[]): string {
  if (issues.length === 0) return 'its schema refuses the value'
  return issues.slice(0, 3).map(issueText).join('; ')
}

function issueText({ message, path }: StandardSchemaV1.Issue): string {
  const text = message.replace(/\.$/, '')
  if (path === undefined || path.length === 0) return text
  const place = path.map((step) => `.${String(typeof step === 'object' ? step.key : step)}`).join('')
  // Some validators begin with it.
  return text.startsWith(`${place.slice(1)} `) ? text : `${text} at ${place}`
}
