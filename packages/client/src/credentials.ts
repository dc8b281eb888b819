import { RejoinError, userId } from '@rejoin/base'
import type { UserId } from '@rejoin/base'

/** A token, or what is asked for one before each connection and after an expiry. */
export type TokenSource = string | (() => string | Promise<string>)

export async function askToken(source: TokenSource | undefined): Promise<string | undefined> {
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

/** Who writes on this device: as told, else as the token says, else as last time. */
export async function principalOf(told: string | undefined, token: TokenSource | undefined, last: UserId): Promise<UserId> {
  if (told !== undefined) return userId(told)
  if (token === undefined) return last
  const asked = await Promise.resolve(askToken(token)).catch(() => undefined)
  if (asked === undefined) return last
  const user = userOfToken(asked)
  if (user === undefined) throw new RejoinError('bad-config', 'The token is no JWT with a `sub` claim; pass `user` beside it.')
  return user
}
