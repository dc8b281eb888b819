import type { SpaceId, UserId } from '@rejoin/base'
import type { Credentials } from '../credentials.ts'
import type { Downstream } from '../downstream/downstream.ts'
import type { SpaceState } from '../downstream/space-state.ts'
import type { Health } from '../health.ts'
import type { ReplicaLimits, ReplicaPorts } from '../options.ts'
import type { Counters } from '../replica/meta.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { AnswerWatch } from './answer-watch.ts'
import { Exchange } from './exchange.ts'
import type { ExchangeDeps } from './exchange.ts'
import { Network } from './network.ts'
import type { NetworkDeps } from './network.ts'
import { Streams } from './streams.ts'

export interface LinkDeps extends Pick<ExchangeDeps, 'log' | 'restarted'>, Pick<NetworkDeps, 'ousted'> {
  readonly ports: ReplicaPorts
  readonly limits: ReplicaLimits
  /** Where the server listens; without one there is no network. */
  readonly url: string | undefined
  readonly principal: UserId
  readonly credentials: Credentials
  readonly counters: Counters
  readonly spaces: ReadonlyMap<SpaceId, SpaceState>
  /** Those that hear of the connection and are heard by it are made after it. */
  readonly upstream: () => Upstream
  readonly downstream: () => Downstream
  readonly health: () => Health
}

/** Everything between the replica and a server. */
export interface LinkParts {
  readonly network: Network | undefined
  readonly exchange: Exchange
  readonly streams: Streams
  readonly watch: AnswerWatch
}

export function wireLink(deps: LinkDeps): LinkParts {
  const { ports, limits, url, log, principal, credentials, counters, spaces, upstream, downstream, health } = deps
  const { elapsed, timers, random, transport } = ports
  const changed = (space: SpaceState): void => health().space(space)
  const watch = new AnswerWatch(timers, limits.answerMs, (what) => network?.unanswered(what))
  const { resubscribeMs } = limits
  const streams = new Streams({ timers, spaces, network: () => network, watch, resubscribeMs, changed })
  const exchange = new Exchange({
    log,
    principal,
    spaces,
    streams,
    watch,
    network: () => network,
    downstream,
    outbox: (event) => upstream().step(event),
    heardServerTime: (ms) => counters.heardServerTime(ms),
    changed,
    restarted: deps.restarted,
    problem: (kind, message) => health().problem({ kind, message }),
  })
  const network: Network | undefined =
    url === undefined
      ? undefined
      : new Network({
          elapsed,
          timers,
          random,
          log,
          transport,
          url,
          device: () => counters.device,
          ousted: deps.ousted,
          token: () => credentials.token(),
          cursors: () => streams.cursors(),
          up: (usable, welcome) => {
            health().problem(undefined)
            exchange.up(usable, welcome)
          },
          down: (problem) => {
            counters.lostServer()
            health().problem(problem)
            exchange.down()
          },
          frame: (usable, frame, size) => exchange.frame(usable, frame, size),
        })
  return { network, exchange, streams, watch }
}
