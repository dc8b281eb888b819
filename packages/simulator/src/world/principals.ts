import { err, ok, tenantId, userId } from '@rejoin/base'
import type { AuthenticateFactory, Role } from '@rejoin/server'
import { home, lawless } from './app.ts'

/** Who means harm. */
export const mallory = 'mallory'
/** It may read home, and nothing else of what belongs to the honest. */
const rolesOfMallory: Readonly<Record<string, Role>> = { [lawless]: 'editor', [home]: 'viewer' }

/** The access token is the user's name: identity is tested elsewhere. The honest may write everywhere. */
export const authenticate: AuthenticateFactory = () => async (token) => {
  const isHonest = /^(r\d+|joiner|late-joiner)$/.test(token)
  if (!isHonest && token !== mallory) return err({ kind: 'unauthenticated', message: 'Nobody of this name is here.' })
  return ok({
    tenant: tenantId('default'),
    user: userId(token),
    roleIn: (space) => (isHonest ? 'editor' : rolesOfMallory[space]),
    expiresMs: Number.MAX_SAFE_INTEGER,
  })
}
