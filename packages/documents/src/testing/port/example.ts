import { RejoinError } from '@rejoin/base'
import type { ErrorKind } from '@rejoin/base'
import type { Change, Engine, EngineDocument, Update } from '../../engine.ts'
import type { Law } from '../case.ts'

/** A law that is tried on one case, which is told here; the options change nothing. */
export const example = (title: string, holds: (engine: Engine) => void): Law => ({
  title,
  check: (engine) => holds(engine),
})

/** Equal as JSON, in which an undefined is a null. */
export function expectSame(found: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify([found]), JSON.stringify([expected])]
  if (one !== other) throw new Error(`expected ${other}\n   found ${one}`)
}

export function writable(engine: Engine, client = 1, ...known: readonly Update[]): EngineDocument {
  const document = engine.create()
  document.apply(known)
  document.setClient(client)
  return document
}

interface Written {
  readonly update: Update
  /** What was told of it. */
  readonly changes: readonly Change[]
}

/** A change that must have changed something. */
export function write(document: EngineDocument, change: () => void): Written {
  let changes: readonly Change[] = []
  const update = document.transact(change, (told) => (changes = told))
  if (update === undefined) throw new Error('the change gave no update')
  return { update, changes }
}

export const typed = (document: EngineDocument, text: string): Update =>
  write(document, () => document.text.insert(document.text.length, text)).update

/** Undefined if nothing was thrown. What is no error of ours is thrown on. */
export function kindOf(action: () => unknown): ErrorKind | undefined {
  try {
    action()
  } catch (error) {
    if (error instanceof RejoinError) return error.kind
    throw error
  }
  return undefined
}

/** Broken code of the caller is told so, with words of this. */
export function expectRefused(action: () => unknown, words: string): void {
  try {
    action()
  } catch (error) {
    if (error instanceof Error && error.message.includes(words)) return
    throw error
  }
  throw new Error(`it was not refused: ${words}`)
}
