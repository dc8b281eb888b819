import { CommanderError } from 'commander'
import { Failure, sentenceOf, WrongWords } from './failure.ts'
import type { Terminal } from './platform/terminal.ts'
import { createProgram } from './program.ts'
import type { Commands, Environment } from './program.ts'
import type { ExitStatus } from './exit-status.ts'

/** Runs one command line and answers with its exit status. What goes wrong is said in one sentence on `err`. */
export async function runCommand(
  words: readonly string[],
  terminal: Terminal,
  environment: Environment,
): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const program = createProgram(commandsFor(terminal, words), environment, terminal, (ended) => (status = ended))
  try {
    await program.parseAsync(words, { from: 'user' })
    return status
  } catch (cause) {
    // Commander has already said what is wrong; help and version are no failure.
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2
    complain(cause, terminal, environment)
    return cause instanceof WrongWords ? 2 : 1
  }
}

/** Each command is loaded when it is wanted: a wrong word need not wait for the engine. */
const commandsFor = (terminal: Terminal, words: readonly string[]): Commands => ({
  replay: async (options) => (await import('./commands/replay.ts')).replay(options, terminal),
  merge: async (options) => (await import('./commands/merge.ts')).merge(options, terminal),
  lab: async (options) => (await import('./commands/lab.ts')).lab(options, terminal, words),
  serve: async (options) => (await import('./commands/serve.ts')).serve(options, terminal),
  token: async (options) => (await import('./commands/token.ts')).token(options, terminal),
})

/** One sentence; where it came from only if wanted. */
export function complain(cause: unknown, terminal: Terminal, { debug }: Environment): void {
  const known = cause instanceof Failure || (cause instanceof Error && cause.name === 'RejoinError')
  terminal.err(`rejoin: ${sentenceOf(cause)}${known ? '' : ' (Set REJOIN_DEBUG=1 to see where.)'}\n`)
  for (let link = cause; debug && link instanceof Error; link = link.cause) terminal.err(`${link.stack}\n`)
}
