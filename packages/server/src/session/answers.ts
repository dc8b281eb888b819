import { firstGeneration, insertRun, sameGeneration } from '@rejoin/base'
import type { ErrorKind, Generation, Intervals } from '@rejoin/base'
import type { Limits, ServerFrame, Token } from '@rejoin/protocol'
import type { Answer, AskAnswer } from '../answer.ts'
import { sentence } from './failure.ts'

interface Refused {
  readonly error: ErrorKind
  readonly message: string
  readonly generation: Generation | undefined
  readonly intervals: number[]
}

/** The answers to one writer of a connection that one commit brought, as few frames as possible. */
export class Answers {
  readonly #accepted: number[] = []
  readonly #unknown: number[] = []
  readonly #refused = new Map<string, Refused>()
  readonly #retry = new Map<ErrorKind, { readonly intervals: number[]; afterMs: number }>()
  readonly #retryAfterMs: number

  /** `retryAfterMs`: what to wait when it is the server that could not decide. */
  constructor(retryAfterMs: number) {
    this.#retryAfterMs = retryAfterMs
  }

  add(answer: Answer): void {
    switch (answer.kind) {
      case 'accepted':
        insertRun(this.#accepted, answer.n, answer.n)
        break
      case 'retry':
        this.retry(answer.n, answer.reason, answer.reason === 'gap' ? 0 : this.#retryAfterMs)
        break
      case 'refused':
        this.#refuse(answer)
    }
  }

  addAsked({ accepted, unknown, refused }: AskAnswer): void {
    insertAll(this.#accepted, accepted)
    insertAll(this.#unknown, unknown)
    for (const answer of refused) this.#refuse(answer)
  }

  retry(n: number, error: ErrorKind, afterMs: number): void {
    const known = this.#retry.get(error) ?? { intervals: [], afterMs }
    known.afterMs = afterMs
    insertRun(known.intervals, n, n)
    this.#retry.set(error, known)
  }

  frames(writer: number, head: Token, limits: Limits): readonly ServerFrame[] {
    return [
      ...chunks(this.#accepted, limits).map((intervals) => ({ kind: 'acks', writer, intervals, head }) as const),
      ...[...this.#refused.values()].flatMap(({ error, message, generation, intervals: all }) =>
        chunks(all, limits).map(
          (intervals) => ({ kind: 'reject', writer, intervals, error, message, generation }) as const,
        ),
      ),
      ...[...this.#retry].flatMap(([error, { intervals: all, afterMs }]) =>
        chunks(all, limits).map((intervals) => ({ kind: 'retry', writer, intervals, error, afterMs }) as const),
      ),
      ...chunks(this.#unknown, limits).map((intervals) => ({ kind: 'unknown', writer, intervals }) as const),
    ]
  }

  #refuse({ n, refused, generation }: Answer & { readonly kind: 'refused' }): void {
    // The first one has no id to be told by: a `generation` without one means it.
    const later = generation && !sameGeneration(generation, firstGeneration) ? generation : undefined
    const key = `${refused.kind} ${later?.id ?? ''} ${refused.message}`
    const known = this.#refused.get(key)
    if (known !== undefined) insertRun(known.intervals, n, n)
    else
      this.#refused.set(key, {
        error: refused.kind,
        message: sentence(refused.message),
        generation: later,
        intervals: [n, n],
      })
  }
}

function insertAll(set: number[], more: Intervals): void {
  for (let i = 0; i < more.length; i += 2) insertRun(set, more[i] ?? 0, more[i + 1] ?? 0)
}

function chunks(intervals: Intervals, limits: Limits): readonly Intervals[] {
  const size = 2 * limits.intervalsMax
  return Array.from({ length: Math.ceil(intervals.length / size) }, (_, i) => intervals.slice(i * size, (i + 1) * size))
}
