import { CommanderError } from 'commander'
import { replay } from './commands/replay.ts'
import { serve } from './commands/serve.ts'
import { token } from './commands/token.ts'
import { Failure, sentenceOf } from './failure.ts'
import { processEnvironment, setExitStatus } from './platform/environment.ts'
import { endOnClosedPipe, processTerminal } from './platform/terminal.ts'
import type { Terminal } from './platform/terminal.ts'
import { createProgram } from './program.ts'

/** The composition root: the real terminal, the real commands. Sets the exit status: 0, 1 failed, 2 wrong usage. */
export async function run(words: readonly string[]): Promise<void> {
  endOnClosedPipe()
  const terminal = processTerminal()
  const environment = processEnvironment()
  const commands = {
    replay: (options: Parameters<typeof replay>[0]) => replay(options, terminal),
    serve: (options: Parameters<typeof serve>[0]) => serve(options, terminal),
    token: (options: Parameters<typeof token>[0]) => token(options, terminal),
  }
  const program = createProgram(commands, environment, setExitStatus)
  try {
    await program.parseAsync(words)
  } catch (cause) {
    setExitStatus(statusOf(cause))
    if (!(cause instanceof CommanderError)) complain(cause, terminal, environment.debug)
  }
}

/** Commander has already said what is wrong; help and version are no failure. */
function statusOf(cause: unknown): 0 | 1 | 2 {
  if (!(cause instanceof CommanderError)) return 1
  return cause.exitCode === 0 ? 0 : 2
}

function complain(cause: unknown, terminal: Terminal, debug: boolean): void {
  const known = cause instanceof Failure || (cause instanceof Error && cause.name === 'RejoinError')
  terminal.err(`rejoin: ${sentenceOf(cause)}${known ? '' : ' (Set REJOIN_DEBUG=1 to see where.)'}\n`)
  for (let link = cause; debug && link instanceof Error; link = link.cause) terminal.err(`${link.stack}\n`)
}
