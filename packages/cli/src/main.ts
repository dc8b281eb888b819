import { processEnvironment, setExitStatus } from './platform/environment.ts'
import { endOnClosedPipe, processTerminal } from './platform/terminal.ts'
import { runCommand } from './run.ts'

/** The composition root: the real terminal, environment and exit status. */
export async function run(words: readonly string[]): Promise<void> {
  endOnClosedPipe()
  setExitStatus(await runCommand(words.slice(2), processTerminal(), processEnvironment()))
}
