import { readFileSync } from 'node:fs'
import type { Environment, ExitStatus } from '../program.ts'

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
