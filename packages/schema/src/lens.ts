import type { Json } from './json.ts'

/**
 * How a field that had another name or another form is read and written, so that old and new versions of an app go on
 * together. What stands under the old key is shown through `up` unless the field itself was written later; a write
 * leaves `down` of its value under the old key, for those who only know that. Without `down` they keep what they had.
 */
export interface Lens<Input = unknown, Output = Json> {
  /** The wire key of the field as it was. */
  readonly from: string
  /** The value for what was stored by an older version; pure. What it throws on is a misfit. */
  up(stored: Json): Input
  /** What an older version is to see for a value; pure. */
  down?(value: Output): Json
}
