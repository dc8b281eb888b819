import { err } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Authenticate } from '../identity/authenticate.ts'
import type { Principal } from '../identity/principal.ts'
import type { ServerLimits } from '../limits.ts'
import type { Failure } from './failure.ts'

export interface GreetingDeps {
  readonly limits: ServerLimits
  readonly authenticate: Authenticate
  isClosed(): boolean
  fail(failure: Failure): void
  /** `authenticate` threw. */
  broken(cause: unknown): void
}

/** Who speaks on one connection: what comes before that is known, and the tokens that say it. */
export class Greeting {
  readonly #deps: GreetingDeps
  /** Frames that came right behind the hello, until all that it asks for is done. */
  #early: Uint8Array[] | undefined
  #earlyBytes = 0
  #isWelcomed = false
  /** The token of the latest `auth`, while another one is being checked. */
  #next: string | undefined
  #isRefreshing = false

  constructor(deps: GreetingDeps) {
    this.#deps = deps
  }

  /** Whether the frame is kept for later. */
  keeps(bytes: Uint8Array): boolean {
    if (this.#early === undefined) return false
    this.#earlyBytes += bytes.length
    const { earlyBytesMax, wire } = this.#deps.limits
    const bytesMax = this.#isWelcomed ? wire.unansweredBytesMax + wire.frameBytesMax : earlyBytesMax
    if (this.#earlyBytes <= bytesMax) this.#early.push(bytes)
    else this.#deps.fail({ error: 'rate-limited', message: 'Too much was sent behind the hello.', afterMs: 1000 })
    return true
  }

  /** The hello's token is checked. Undefined if it ended the connection, or the connection itself. */
  async hello(accessToken: string): Promise<Principal | undefined> {
    this.#early = []
    return this.#accept(await this.#ask(accessToken))
  }

  /** The other side is known: what it sends from now on is held to the limits it is told. */
  welcomed(): void {
    this.#isWelcomed = true
  }

  /** What came behind the hello; nothing is kept any more. */
  end(): readonly Uint8Array[] {
    const early = this.#early ?? []
    this.#early = undefined
    return early
  }

  /** One token is checked at a time, and only what is said of the latest counts. */
  async refresh(accessToken: string, take: (principal: Principal) => void): Promise<void> {
    this.#next = accessToken
    if (this.#isRefreshing) return
    this.#isRefreshing = true
    while (this.#next !== undefined && !this.#deps.isClosed()) {
      const token = this.#next
      this.#next = undefined
      const answer = await this.#ask(token)
      if (this.#next !== undefined) continue
      const principal = this.#accept(answer)
      if (principal !== undefined) take(principal)
    }
    this.#isRefreshing = false
  }

  #accept(answer: Result<Principal, Failure>): Principal | undefined {
    if (this.#deps.isClosed()) return undefined
    if (answer.ok) return answer.value
    this.#deps.fail(answer.error)
    return undefined
  }

  /** The app's function may break its word; that is this connection's trouble only. */
  async #ask(accessToken: string): Promise<Result<Principal, Failure>> {
    try {
      const answer = await this.#deps.authenticate(accessToken)
      return answer.ok ? answer : err({ error: answer.error.kind, message: answer.error.message, afterMs: 0 })
    } catch (cause) {
      this.#deps.broken(cause)
      const { retryAfterMs } = this.#deps.limits
      return err({ error: 'unavailable', message: 'The token could not be checked.', afterMs: retryAfterMs })
    }
  }
}
