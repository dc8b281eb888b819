import { RejoinError, userId } from '@rejoin/base'
import type { Timers, UserId } from '@rejoin/base'
import { nobody } from './replica/meta.ts'

/** A token, or what is asked for one before each connection and after an expiry. */
export type TokenSource = string | (() => string | Promise<string>)

/** Who writes here, and by which token the server is told. */
export class Credentials {
  readonly #source: TokenSource | undefined
  readonly #told: UserId | undefined
  readonly #timers: Timers
  /** Whose the work of this open is; `nobody` until a token has named somebody. */
  #principal: UserId = nobody

  constructor(source: TokenSource | undefined, told: string | undefined, timers: Timers) {
    this.#source = source
    this.#told = told === undefined ? undefined : userId(told)
    this.#timers = timers
  }

  /** As told, else as the token says, else as last time. A token function that does not answer in time says nothing. */
  async principal(last: UserId, waitMs: number): Promise<UserId> {
    this.#principal = await this.#whoWrites(last, waitMs)
    return this.#principal
  }

  async #whoWrites(last: UserId, waitMs: number): Promise<UserId> {
    if (this.#told !== undefined) return this.#told
    if (this.#source === undefined) return last
    const token = await this.#askFor(waitMs)
    if (token === undefined) return last
    const user = userOfToken(token)
    if (user === undefined)
      throw new RejoinError('bad-config', 'The token is no JWT with a `sub` claim; pass `user` beside it.')
    return user
  }

  /** For the next connection; undefined where there is none to give. Rejects if it is another user's. */
  async token(): Promise<string | undefined> {
    const token = await ask(this.#source)
    const user = token === undefined ? undefined : userOfToken(token)
    if (user === undefined) return token
    if (this.#principal === nobody) this.#principal = user
    if (user === this.#principal) return token
    throw new RejoinError(
      'bad-config',
      `The token is of ${user}, and this replica was opened for ${this.#principal}. Close it and open it again.`,
    )
  }

  /** The open must not wait for a network that is not there. */
  #askFor(waitMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(waitMs, () => resolve(undefined))
      const answer = (token: string | undefined): void => {
        cancel()
        resolve(token)
      }
      ask(this.#source).then(answer, () => answer(undefined))
    })
  }
}

async function ask(source: TokenSource | undefined): Promise<string | undefined> {
  return typeof source === 'function' ? source() : source
}

/**
 * Whom a JWT names, without a check: the server checks it. Used to mark who wrote what on this device, so
 * that nobody's work is ever sent under another name. Undefined if the text is no JWT with a `sub`.
 */
export function userOfToken(token: string): UserId | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const sub = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined
    return typeof sub === 'string' ? userId(sub) : undefined
  } catch {
    return undefined
  }
}
