/** Milliseconds of a clock that never jumps; only differences mean something. */
export const monotonicMs = (): number => performance.now()

/** Milliseconds since 1970. */
export const wallMs = (): number => Date.now()

/** Now, as text in UTC. */
export const wallTime = (): string => new Date().toISOString()

/** Resolves after about `ms`. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Calls `fire` every `ms` without keeping the process alive. Returns what ends it. */
export function every(ms: number, fire: () => void): () => void {
  const timer = setInterval(fire, ms)
  timer.unref()
  return () => clearInterval(timer)
}

/** Whether `done` is over before `ms` are. */
export async function within(ms: number, done: Promise<void>): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  done.then(() => resolve(true), reject)
  return promise.finally(() => clearTimeout(timer))
}
