import { err, ok, spaceId, tenantId, userId } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import type { AuthenticateFactory } from '../identity/hs256.ts'
import { isRole } from '../identity/principal.ts'
import type { Role } from '../identity/principal.ts'

export interface PlainToken {
  readonly user: string
  readonly tenant: string
  /** `*` stands for every space. */
  readonly spaces: Readonly<Record<string, Role>>
  readonly expiresMs: number
}

/** Tokens that anyone can make: for simulations and tests, where nothing may wait for a real signature. */
export const plainToken = (token: PlainToken): string => JSON.stringify(token)

export const plainTokens: AuthenticateFactory = (clock) => async (accessToken) => {
  const token = parse(accessToken)
  if (token === undefined) return err({ kind: 'unauthenticated', message: 'This is no token.' })
  if (token.expiresMs <= clock.now()) return err({ kind: 'token-expired', message: 'The access token has expired.' })
  const roles = new Map(Object.entries(token.spaces))
  return ok({
    tenant: tenantId(token.tenant),
    user: userId(token.user),
    roleIn: (space: SpaceId) => roles.get(space) ?? roles.get('*'),
    expiresMs: token.expiresMs,
  })
}

function parse(text: string): PlainToken | undefined {
  try {
    const token: unknown = JSON.parse(text)
    if (typeof token !== 'object' || token === null) return undefined
    const { user, tenant, spaces, expiresMs } = token as Record<string, unknown>
    if (typeof user !== 'string' || typeof tenant !== 'string' || typeof expiresMs !== 'number') return undefined
    if (typeof spaces !== 'object' || spaces === null || !Object.values(spaces).every(isRole)) return undefined
    for (const space of Object.keys(spaces)) if (space !== '*') spaceId(space)
    return { user, tenant, spaces: spaces as Readonly<Record<string, Role>>, expiresMs }
  } catch {
    return undefined
  }
}
