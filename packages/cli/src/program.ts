import { Command, Option } from 'commander'
import type { LabOptions } from './commands/lab.ts'
import type { MergeCommand } from './commands/merge.ts'
import type { ReplayOptions } from './commands/replay.ts'
import type { ServeOptions } from './commands/serve.ts'
import type { TokenOptions } from './commands/token.ts'
import { engineNames } from './engines.ts'
import type { EngineName } from './engines.ts'
import { orders } from './merge/order.ts'
import type { Terminal } from './platform/terminal.ts'
import { defaultFaults } from './replay/plan.ts'
import {
  parseAmount,
  parseCount,
  parseDuration,
  parseFaults,
  parseId,
  parseNames,
  parsePort,
  parsePositive,
  parseSpace,
  parseSpan,
} from './words.ts'
import type { ExitStatus } from './exit-status.ts'

/** What the command can do; each resolves to its exit status. */
export interface Commands {
  replay(options: ReplayOptions): Promise<ExitStatus>
  merge(options: MergeCommand): Promise<ExitStatus>
  lab(options: LabOptions): Promise<ExitStatus>
  serve(options: ServeOptions): Promise<ExitStatus>
  token(options: TokenOptions): Promise<ExitStatus>
}

export interface Environment {
  readonly version: string
  readonly secret: string | undefined
  readonly debug: boolean
}

export const defaultPort = 4321

/** The words of the command line. `done` hears how the chosen command ended. */
export function createProgram(
  commands: Commands,
  environment: Environment,
  terminal: Pick<Terminal, 'out' | 'err'>,
  done: (status: ExitStatus) => void,
): Command {
  const program = new Command('rejoin')
    .description(
      'Rejoin, an offline-first sync engine: run a server, make tokens, replay real writing sessions, see in the lab what conflict policies lose.',
    )
    .version(environment.version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .configureHelp({ showGlobalOptions: true })
  const subcommand = (name: string): Command => program.command(name).allowExcessArguments(false)

  subcommand('replay')
    .description(
      'play a recorded writing session through two replicas and a server, with cuts and kills, and check the result',
    )
    .argument(
      '[trace]',
      'a shipped trace by name, or a file of the sequential format, gzipped or not',
      'automerge-paper',
    )
    .addOption(
      new Option('--engine <name>', 'the engine of the note and the comments').choices(engineNames).default('yjs'),
    )
    .option('--first <n>', 'play only the first n transactions', parsePositive)
    .option('--calm', 'no cuts and no kills', false)
    .option('--cuts <n>', "how often the author's link is cut", parseFaults, defaultFaults.cuts)
    .option('--kills <n>', 'how often the author is killed', parseFaults, defaultFaults.kills)
    .option('--server-kills <n>', 'how often the server is killed', parseFaults, defaultFaults.serverKills)
    .option('--seed <s>', 'where cuts and kills fall', parseCount, 1)
    .option('--json', 'print one JSON object on stdout', false)
    .option('--keep <dir>', 'keep the stores and the log in this new or empty folder')
    .action(async (trace: string, given: ReplayWords) => {
      const { engine, first, calm, cuts, kills, serverKills, seed, json, keep } = given
      const faults = { cuts, kills, serverKills }
      done(await commands.replay({ trace, engine, first, faults, calm, seed, json, keep, debug: environment.debug }))
    })

  subcommand('merge')
    .description(
      'play a recorded session of several authors, deliver what they wrote to fresh replicas in any order, and check that all end as the session did',
    )
    .argument(
      '[trace]',
      'a shipped trace by name, or a file of the concurrent format, gzipped or not',
      'friendsforever-concurrent',
    )
    .addOption(new Option('--engine <name>', 'the engine of all replicas').choices(engineNames).default('yjs'))
    .addOption(new Option('--order <order>', 'how updates come to a replica').choices(orders).default('causal'))
    .option('--replicas <n>', 'how many fresh replicas take everything in', parsePositive, 2)
    .option('--chunk <n>', 'updates in one delivery (default: all of them)', parsePositive)
    .option('--seed <s>', 'how updates are shuffled', parseCount, 1)
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (trace: string, given: MergeWords) =>
      done(await commands.merge({ chunk: undefined, ...given, trace, debug: environment.debug })),
    )

  subcommand('lab')
    .description('run policies for conflicts under workloads and conditions, and say what each loses')
    .option('--policy <names>', 'only these, with commas between them (default: all)', parseNames)
    .option('--workload <names>', 'only these (default: all but tiny)', parseNames)
    .option('--conditions <names>', 'only these (default: all)', parseNames)
    .option(
      '--trace <trace>',
      'only a recorded session: a shipped trace by name, or a file of either format, gzipped or not',
    )
    .option('--seeds <n>', 'how often each is run, with other dice (default: 12)', parsePositive)
    .option('--from <s>', 'the first seed', parseCount, 1)
    .option('--quick', 'two seeds, 20 edits of each device and not all conditions: done within a minute', false)
    .option('--devices <n>', 'in all conditions: devices, one person each', parsePositive)
    .option('--edits <n>', 'in all conditions: edits of each device', parsePositive)
    .option('--duration <time>', 'in all conditions: how long people work in all: 1h, 6d', parseDuration)
    .option('--apart <time>', 'in all conditions: how long devices are offline at a stretch; 0s is never', parseSpan)
    .option('--skew <time>', 'in all conditions: how wrong clocks are, at most', parseSpan)
    .option('--contention <x>', 'in all conditions: the exponent by which people choose the same things', parseAmount)
    .option('--out <dir>', 'keep every run in this folder, and go on where it was stopped')
    .option('--jobs <n>', 'threads (default: as many as the machine has cores)', parsePositive)
    .option('--json', 'print one JSON object on stdout; with --trace an array, one object for each policy', false)
    .action(async (given: LabWords) => done(await commands.lab(labOptionsOf(given))))

  subcommand('serve')
    .description('run the server; REJOIN_SECRET holds the key for tokens')
    .option('--port <port>', 'where to listen', parsePort, defaultPort)
    .option('--host <address>', 'the address to listen on (default: 0.0.0.0, every one; with --dev 127.0.0.1)')
    .option('--data <dir>', 'where the database lies', './rejoin-data')
    .option('--dev', 'without a key, for development: answers everyone, on loopback only', false)
    .option('--json', 'log lines as JSON', false)
    .action(async (given: Omit<ServeOptions, 'secret'>) =>
      done(await commands.serve({ ...given, secret: environment.secret })),
    )

  subcommand('token')
    .description('make a development token, signed with the key in REJOIN_SECRET')
    .requiredOption('--tenant <id>', 'the customer that owns the spaces', parseId)
    .requiredOption('--user <id>', 'whose token it is', parseId)
    .requiredOption('--space <name=role...>', 'a space and the role in it: viewer, editor, admin or owner', parseSpace)
    .addOption(
      new Option('--expires <time>', 'how long it is valid: 30m, 12h, 7d')
        .argParser(parseDuration)
        .default(parseDuration('12h'), '12h'),
    )
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (given: Omit<TokenOptions, 'secret'>) =>
      done(await commands.token({ ...given, secret: environment.secret })),
    )

  return program
}

interface ReplayWords {
  readonly engine: EngineName
  readonly first: number | undefined
  readonly calm: boolean
  readonly cuts: number
  readonly kills: number
  readonly serverKills: number
  readonly seed: number
  readonly json: boolean
  readonly keep: string | undefined
}

type MergeWords = Omit<MergeCommand, 'trace' | 'debug' | 'chunk'> & Partial<Pick<MergeCommand, 'chunk'>>

interface LabWords {
  readonly policy?: readonly string[]
  readonly workload?: readonly string[]
  readonly conditions?: readonly string[]
  readonly trace?: string
  readonly seeds?: number
  readonly from: number
  readonly quick: boolean
  readonly devices?: number
  readonly edits?: number
  readonly duration?: number
  readonly apart?: number
  readonly skew?: number
  readonly contention?: number
  readonly out?: string
  readonly jobs?: number
  readonly json: boolean
}

function labOptionsOf(given: LabWords): LabOptions {
  const { devices, edits, contention, duration, apart, skew } = given
  return {
    policies: given.policy,
    workloads: given.workload,
    conditions: given.conditions,
    dials: { devices, edits, contention, durationMs: duration, apartMs: apart, skewMs: skew },
    from: given.from,
    seeds: given.seeds,
    isQuick: given.quick,
    trace: given.trace,
    out: given.out,
    jobs: given.jobs,
    json: given.json,
  }
}
