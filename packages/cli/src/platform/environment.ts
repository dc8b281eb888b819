import { readFileSync } from 'node:fs'
import type { Environment } from '../program.ts'
import type { ExitStatus } from '../exit-status.ts'

/** What the command takes from the process around it. */
export const processEnvironment = (): Environment => ({
  version: version(),
  secret: process.env['REJOIN_SECRET'],
  debug: process.env['REJOIN_DEBUG'] === '1',
})

export function setExitStatus(status: ExitStatus): void {
  process.exitCode = status
}

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** What nobody caught is broken code; it is said as any failure is, and everything is cleaned up. */
export function endOnCrash(say: (cause: unknown) => void): void {
  const end = (cause: unknown): void => {
    say(cause)
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
