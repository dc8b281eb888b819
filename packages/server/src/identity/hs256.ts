import { err, isId, ok, RejoinError, spaceId, tenantId, userId } from '@rejoin/base'
import type { Clock, Result, SpaceId } from '@rejoin/base'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { currentMs, dateAt } from '../platform/time.ts'
import type { AuthFailure, Authenticate } from './authenticate.ts'
import { isRole, serverUser } from './principal.ts'
import type { Principal, Role } from './principal.ts'

const secretBytesMin = 32
const tokenBytesMax = 8 * 1024
const leewaySeconds = 60
const issuer = 'rejoin'
const utf8 = new TextEncoder()

/** Accepts tokens signed with the shared secret by HMAC-SHA-256, and no other algorithm. */
export interface Hs256Options {
  readonly clock: Clock
  /** Tokens must be for this audience, if given. */
  readonly audience?: string
  /** Tokens must be from this issuer, if given. */
  readonly issuer?: string
}

/** Makes an `authenticate`. Throws `bad-config` if the secret has fewer than 32 bytes. */
export type AuthenticateFactory = (clock: Clock) => Authenticate

/**
 * Claims: `sub` (user), `tenant`, `spaces` (`{ [space]: role }`, `*` for every space), `exp`. At most 8 KiB.
 */
export function hs256(secret: string | Uint8Array, options: Omit<Hs256Options, 'clock'> = {}): AuthenticateFactory {
  const key = keyOf(secret)
  return (clock) => async (accessToken) => {
    if (utf8.encode(accessToken).length > tokenBytesMax)
      return refuse('unauthenticated', 'The access token is over 8 KiB.')
    if (accessToken === '') return refuse('unauthenticated', 'This server asks for an access token.')
    try {
      const { payload } = await jwtVerify(accessToken, key, {
        algorithms: ['HS256'],
        clockTolerance: leewaySeconds,
        currentDate: dateAt(clock.now()),
        requiredClaims: ['sub', 'exp', 'tenant', 'spaces'],
        ...(options.audience !== undefined && { audience: options.audience }),
        ...(options.issuer !== undefined && { issuer: options.issuer }),
      })
      return principalOf(payload)
    } catch (error) {
      if (error instanceof errors.JWTExpired) return refuse('token-expired', 'The access token has expired.')
      if (error instanceof errors.JOSEError) return refuse('unauthenticated', reasonOf(error))
      throw error
    }
  }
}

export interface DevTokenOptions {
  readonly secret: string | Uint8Array
  readonly user: string
  readonly tenant?: string
  /** Roles by space; `*` stands for every space. */
  readonly spaces: Readonly<Record<string, Role>>
  /** When it is issued; now, unless told. */
  readonly nowMs?: number
  /** How long it lives; an hour, unless told. */
  readonly lifeMs?: number
}

const devTokenLifeMs = 60 * 60_000

/** A token for development, as an identity provider would make it. Throws `bad-id` or `bad-config`. */
export async function devToken(options: DevTokenOptions): Promise<string> {
  for (const [space, role] of Object.entries(options.spaces)) {
    if (space !== '*') spaceId(space)
    if (!isRole(role)) throw new RejoinError('bad-config', `${JSON.stringify(role)} is not a role.`)
  }
  const { nowMs = currentMs(), lifeMs = devTokenLifeMs } = options
  const claims = { tenant: tenantId(options.tenant ?? defaultTenant), spaces: options.spaces }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId(options.user))
    .setIssuer(issuer)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor((nowMs + lifeMs) / 1000))
    .sign(keyOf(options.secret))
}

/** The tenant of whoever has only one. */
export const defaultTenant = 'default'

function keyOf(secret: string | Uint8Array): Uint8Array {
  const key = typeof secret === 'string' ? utf8.encode(secret) : secret
  if (key.length < secretBytesMin)
    throw new RejoinError('bad-config', `The secret has ${key.length} bytes; HS256 needs at least ${secretBytesMin}.`)
  return key
}

function principalOf({ sub, exp, tenant, spaces }: JWTPayload): Result<Principal, AuthFailure> {
  if (!isId(sub) || sub === serverUser) return refuse('unauthenticated', 'The claim sub is not a user id.')
  if (!isId(tenant)) return refuse('unauthenticated', 'The claim tenant is not a tenant id.')
  const roles = rolesOf(spaces)
  if (roles === undefined) return refuse('unauthenticated', 'The claim spaces does not map spaces to roles.')
  const everywhere = roles.get('*')
  return ok({
    tenant: tenantId(tenant),
    user: userId(sub),
    roleIn: (space: SpaceId) => roles.get(space) ?? everywhere,
    expiresMs: ((exp ?? 0) + leewaySeconds) * 1000,
  })
}

function rolesOf(spaces: unknown): ReadonlyMap<string, Role> | undefined {
  if (typeof spaces !== 'object' || spaces === null || Array.isArray(spaces)) return undefined
  const roles = new Map<string, Role>()
  for (const [space, role] of Object.entries(spaces)) {
    if ((space !== '*' && !isId(space)) || !isRole(role)) return undefined
    roles.set(space, role)
  }
  return roles
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The claim ${error.claim} of the access token is not accepted.`
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The access token must be signed by HS256.'
  return 'The access token is not valid.'
}

const refuse = (kind: AuthFailure['kind'], message: string): Result<never, AuthFailure> => err({ kind, message })
