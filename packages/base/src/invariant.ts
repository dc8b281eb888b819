/** Thrown when the code itself is wrong. Nobody catches it: a wrong state is worse than a stop. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** States what must hold here; throws if it does not. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Makes a forgotten case of a union a compile error, and a run-time stop if bytes lied about the type. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}
