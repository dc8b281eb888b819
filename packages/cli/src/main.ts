import { endOnCrash, processEnvironment, setExitStatus } from './platform/environment.ts'
import { endOnClosedPipe, processTerminal } from './platform/terminal.ts'
import { complain, runCommand } from './run.ts'

/** The composition root: the real terminal, environment and exit status. */
export async function run(words: readonly string[]): Promise<void> {
  endOnClosedPipe()
  const terminal = processTerminal()
  const environment = processEnvironment()
  endOnCrash((cause) => complain(cause, terminal, environment))
  setExitStatus(await runCommand(words.slice(2), terminal, environment))
}
