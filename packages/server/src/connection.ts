import { documentKey, RejoinError, toHex } from '@rejoin/base'
import type { DeviceId, DocumentKey, SpaceId } from '@rejoin/base'
import { closeCodeOf, decodeClientFrame, encodeServerFrame, protocolVersion } from '@rejoin/protocol'
import type { HelloFrame, SubscribeFrame } from '@rejoin/protocol'
import type { Committer } from './committer.ts'
import type { Devices } from './devices.ts'
import type { Authenticate } from './identity/authenticate.ts'
import type { Principal } from './identity/principal.ts'
import type { SpaceRef } from './log/records.ts'
import type { ServerLimits } from './limits.ts'
import type { ServerPorts } from './ports.ts'
import type { SlotNumbers } from './room/slots.ts'
import type { Rooms } from './rooms.ts'
import { Alarms } from './session/alarms.ts'
import { sentence } from './session/failure.ts'
import type { Failure } from './session/failure.ts'
import { Greeting } from './session/greeting.ts'
import { Inbox } from './session/inbox.ts'
import { noMember, OpenStreams } from './session/open-streams.ts'
import { StreamOutlet } from './session/outlet.ts'
import { Presences } from './session/presences.ts'
import { Session } from './session/session.ts'
import type { Effect } from './session/session.ts'
import { Watch } from './session/watch.ts'

/** A connection as the transport has it. */
export interface Line {
  send(frame: Uint8Array): void
  close(code: number, reason: string): void
  /** Bytes handed to `send` that have not left yet. */
  buffered(): number
}

export interface ConnectionDeps {
  readonly limits: ServerLimits
  readonly ports: ServerPorts
  readonly slots: SlotNumbers
  readonly rooms: Rooms
  readonly devices: Devices
  readonly committer: Committer
  readonly authenticate: Authenticate
  /** This connection now speaks for the device: an older one ends. */
  entered(connection: Connection, principal: Principal, device: DeviceId): void
  /** `flush` is to be called when the commit is settled. */
  flushLater(connection: Connection): void
  gone(connection: Connection): void
}

/** The shell of one session: runs its effects against rooms, the committer and the socket. */
export class Connection {
  readonly id: string
  readonly #line: Line
  readonly #deps: ConnectionDeps
  readonly #session: Session
  readonly #outlet: StreamOutlet
  readonly #streams: OpenStreams
  readonly #inbox: Inbox
  readonly #presences: Presences
  readonly #watch: Watch
  readonly #greeting: Greeting
  readonly #alarms: Alarms<'drain' | 'device'>
  #isClosed = false

  constructor(line: Line, deps: ConnectionDeps) {
    this.#line = line
    this.#deps = deps
    const { ports, limits } = deps
    this.id = toHex(ports.random.bytes(16))
    this.#session = new Session(limits, ports.clock.now())
    this.#alarms = new Alarms(ports.timers)
    this.#outlet = new StreamOutlet(line, limits, {
      nextSlot: () => deps.slots.nextStream(),
      endStream: (stream, failure) => this.#endStream(stream, failure),
      lagging: () => this.#awaitDrain(limits.laggingMsMax),
      // Not in the middle of the answers.
      overrun: () => ports.soon(() => this.#fail('rate-limited', 'Too much was asked for and is not read.', 1000)),
    })
    this.#streams = new OpenStreams(deps, this.#outlet)
    this.#inbox = new Inbox({
      ...deps,
      outlet: this.#outlet,
      principal: () => this.#session.principal,
      isClosed: () => this.#isClosed,
      fail: (message) => this.#fail('rate-limited', message, 1000),
      answered: (entries, bytes) => this.#session.answered(entries, bytes),
      flushLater: () => deps.flushLater(this),
    })
    this.#presences = new Presences((space, key, bytes) => this.#show(space, key, bytes))
    this.#greeting = new Greeting({
      limits,
      authenticate: deps.authenticate,
      isClosed: () => this.#isClosed,
      fail: (failure) => this.fail(failure),
      broken: (cause) => ports.log('error', 'authenticate-failed', { session: this.id, kind: kindOf(cause) }),
    })
    this.#watch = new Watch(limits.wire, ports, {
      noHello: () => this.#fail('timeout', 'No hello came in time.'),
      silent: () => this.#fail('timeout', 'Nothing was heard for too long.'),
      expired: () => this.#fail('token-expired', 'The access token has expired.'),
    })
  }

  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return
    const nowMs = this.#watch.heard()
    if (this.#greeting.keeps(bytes)) return
    const frame = decodeClientFrame(bytes, this.#deps.limits.wire)
    if (frame.ok) return this.#run(this.#session.frame(frame.value, nowMs))
    if (frame.error.kind !== 'unknown-type') return this.#fail(frame.error.kind, frame.error.message)
    if (this.#session.phase.kind === 'new') return this.#fail('bad-frame', 'The first frame must be a hello.')
    this.#outlet.send({ kind: 'unsupported', type: frame.error.type })
  }

  /** The other side is gone. */
  closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#writeDevice()
    this.#session.end()
    this.#watch.end()
    this.#alarms.cancelAll()
    this.#streams.dropAll()
    this.#presences.end()
    this.#greeting.end()
    this.#deps.gone(this)
  }

  fail(failure: Failure): void {
    if (this.#isClosed) return
    const { error, message } = failure
    this.#deps.ports.log('info', 'connection-failed', { session: this.id, kind: error, message })
    this.#line.send(encodeServerFrame({ kind: 'error', ...failure, message: sentence(message) }))
    this.#line.close(closeCodeOf(error), error)
    this.closed()
  }

  /** Sends what the commit answered. */
  flush(): void {
    this.#inbox.flush()
  }

  #fail(error: Failure['error'], message: string, afterMs = 0): void {
    this.fail({ error, message, afterMs })
  }

  #run(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (this.#isClosed) return
      this.#do(effect)
    }
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case 'greet':
        return this.#start(this.#greet(effect.hello))
      case 'authenticate':
        return this.#start(this.#greeting.refresh(effect.accessToken, (principal) => this.#refreshed(principal)))
      case 'push':
        return this.#inbox.push(this.#refOf(effect.space), effect.writer, effect.entries)
      case 'ask':
        return this.#inbox.ask(this.#refOf(effect.space), effect.writer, effect.intervals)
      case 'subscribe':
        return this.#start(this.#subscribe(effect.space, effect.frame))
      case 'unsubscribe':
        this.#streams.drop(effect.stream)
        return this.#writeDeviceSoon()
      case 'credit':
        return this.#streams.credit(effect.stream, effect.bytes)
      case 'focus':
        return this.#start(this.#streams.focus(effect.stream, documentKey(effect.document.address)))
      case 'presence':
        if (this.#session.principal.roleIn(effect.space) === undefined) return
        return this.#presences.set(effect.space, documentKey(effect.document.address), effect.bytes)
      case 'pong':
        return this.#outlet.send({ kind: 'pong', clockMs: this.#deps.ports.clock.now() })
      case 'fail':
        return this.fail(effect.failure)
    }
  }

  /** Work that goes on after the frame was handled. The store may fail it; then the client tries again later. */
  #start(work: Promise<void>): void {
    work.catch((cause: unknown) => {
      if (!(cause instanceof RejoinError)) throw cause
      this.#fail('unavailable', cause.message, this.#deps.limits.retryAfterMs)
    })
  }

  async #greet(hello: HelloFrame): Promise<void> {
    const { ports, limits, devices } = this.#deps
    const principal = await this.#greeting.hello(hello.accessToken)
    if (principal === undefined) return
    this.#greeting.welcomed()
    this.#watch.welcomed(principal.expiresMs)
    this.#deps.entered(this, principal, hello.device)
    const level = await devices.recall(principal, hello.device, hello.cursors)
    if (this.#isClosed) return
    this.#session.welcomed(principal, [...level.keys()])
    this.#outlet.send({
      kind: 'welcome',
      protocol: protocolVersion,
      session: this.id,
      clockMs: ports.clock.now(),
      limits: limits.wire,
      level: level.length > 0,
    })
    await this.#streams.resume((space) => this.#refOf(space), level)
    for (const bytes of this.#greeting.end()) this.receive(bytes)
  }

  #refreshed(principal: Principal): void {
    this.#run(this.#session.refreshed(principal))
    if (this.#isClosed) return
    this.#watch.welcomed(principal.expiresMs)
    for (const { stream, space } of this.#streams.lost((space) => principal.roleIn(space) !== undefined))
      this.#endStream(stream, noMember(space))
  }

  async #subscribe(space: SpaceId, frame: SubscribeFrame): Promise<void> {
    if (this.#session.principal.roleIn(space) === undefined) return this.#refuseStream(frame.stream, noMember(space))
    const excess = this.#streams.excess(space, frame.interest)
    if (excess !== undefined) return this.#refuseStream(frame.stream, excess)
    this.#outlet.forgetOwn(space)
    await this.#streams.subscribe(this.#refOf(space), frame)
    this.#writeDeviceSoon()
  }

  #show(space: SpaceId, key: DocumentKey, bytes: Uint8Array): void {
    const { user } = this.#session.principal
    this.#start(
      this.#deps.rooms.use(this.#refOf(space), (room) => room.presence(this.#outlet, this.id, user, key, bytes)),
    )
  }

  #endStream(stream: number, failure: Failure): void {
    if (this.#streams.drop(stream)) this.#refuseStream(stream, failure)
  }

  #refuseStream(stream: number, { error, message }: Failure): void {
    this.#session.streamEnded(stream)
    this.#outlet.send({ kind: 'unsubscribed', stream, error, message: sentence(message) })
  }

  #awaitDrain(leftMs: number): void {
    this.#alarms.set('drain', drainPollMs, () => {
      if (this.#outlet.drained()) this.#streams.drained()
      else if (leftMs <= 0) this.#fail('timeout', 'The connection does not read what it is sent.')
      else this.#awaitDrain(leftMs - drainPollMs)
    })
  }

  #writeDeviceSoon(): void {
    if (!this.#alarms.isSet('device'))
      this.#alarms.set('device', this.#deps.limits.deviceDelayMs, () => this.#writeDevice())
  }

  #writeDevice(): void {
    const { phase } = this.#session
    if (phase.kind !== 'open') return
    this.#deps.devices.remember(this.#session.principal, phase.device, this.#streams.list())
  }

  #refOf(space: SpaceId): SpaceRef {
    return { tenant: this.#session.principal.tenant, space }
  }
}

const drainPollMs = 50

/** The name only: the message of an error about a token may hold the token. */
const kindOf = (cause: unknown): string => (cause instanceof Error ? cause.name : typeof cause)
