import { userId } from '@rejoin/base'
import type { SpaceId, TenantId, UserId } from '@rejoin/base'

export const roles = ['viewer', 'editor', 'admin', 'owner'] as const
export type Role = (typeof roles)[number]
export const isRole = (value: unknown): value is Role => roles.some((role) => role === value)
export const mayWrite = (role: Role): boolean => role !== 'viewer'

/** Who a connection speaks for. Comes from a token and from nowhere else. */
export interface Principal {
  readonly tenant: TenantId
  readonly user: UserId
  /** Undefined: not a member, and the space is `not-found` for this user. */
  roleIn(space: SpaceId): Role | undefined
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresMs: number
}

/** Who writes as the server. No token may name this user. */
export const serverUser: UserId = userId('~server')
