import type { ErrorKind, Result } from '@rejoin/base'
import type { Principal } from './principal.ts'

export interface AuthFailure {
  readonly kind: ErrorKind & ('unauthenticated' | 'token-expired' | 'unavailable')
  readonly message: string
}

/**
 * Says who a token speaks for. Called with whatever a client sent; never logs the token. If it throws or rejects, the
 * connection ends with `unavailable`.
 */
export type Authenticate = (accessToken: string) => Promise<Result<Principal, AuthFailure>>
