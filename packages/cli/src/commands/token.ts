import { devToken, roles } from '@rejoin/server'
import type { Role } from '@rejoin/server'
import { Failure } from '../failure.ts'
import { wallMs } from '../platform/clock.ts'
import type { Terminal } from '../platform/terminal.ts'
import type { ExitStatus } from '../exit-status.ts'
import { keyOf } from './key.ts'

export interface TokenOptions {
  readonly tenant: string
  readonly user: string
  readonly space: Readonly<Record<string, string>>
  /** How long it is valid, in milliseconds. */
  readonly expires: number
  readonly json: boolean
  readonly secret: string | undefined
}

/** Prints a token. */
export async function token(options: TokenOptions, terminal: Terminal): Promise<ExitStatus> {
  const { tenant, user, expires: lifeMs } = options
  const spaces = Object.fromEntries(Object.entries(options.space).map(([space, role]) => [space, roleOf(role)]))
  const made = await devToken({ secret: keyOf(options.secret), tenant, user, spaces, nowMs: wallMs(), lifeMs })
  terminal.out(
    options.json
      ? `${JSON.stringify({ token: made, tenant, user, spaces, expiresInSeconds: lifeMs / 1000 })}\n`
      : `${made}\n`,
  )
  return 0
}

function roleOf(text: string): Role {
  const role = roles.find((known) => known === text)
  if (role === undefined) throw new Failure(`There is no role ${text}; roles are ${roles.join(', ')}.`)
  return role
}
