import { err, ok, RejoinError, unreachable } from '@rejoin/base'
import type { DeviceId, ErrorKind, Log, Random, Timers } from '@rejoin/base'
import { createJoiner, defaultLimits, kindOfClose, protocolVersion } from '@rejoin/protocol'
import type { Joiner, Limits, RangeFrame, ServerFrame, WelcomeFrame } from '@rejoin/protocol'
import type { Link, Transport } from '../transport.ts'
import { Connection } from './connection.ts'
import { Outlet } from './outlet.ts'
import { createSession } from './session.ts'
import type { Session, SessionEffect, SessionEvent } from './session.ts'

export interface NetworkDeps {
  /** Milliseconds that only go forward; a jump of the wall clock must not keep us offline. */
  readonly elapsed: () => number
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly transport: Transport
  readonly url: string
  readonly device: () => DeviceId
  /** Asked before each connection; undefined where the server asks for none. Rejects if there is none to be had. */
  readonly token: () => Promise<string | undefined>
  /** The hash over all cursors, or empty bytes. */
  readonly cursors: () => Uint8Array
  /** The server gave this device's place to a newer connection, which is not ours. */
  readonly ousted: () => void
  readonly up: (connection: Connection, welcome: WelcomeFrame) => void
  /** Why, unless the owner wished it. */
  readonly down: (problem: { readonly kind: ErrorKind; readonly message: string } | undefined) => void
  /** Every frame after `welcome`. Returns what is wrong with it, if anything. */
  readonly frame: (
    connection: Connection,
    frame: ServerFrame,
    size: number,
  ) => { readonly kind: string; readonly message: string } | undefined
}

/** Carries out what the session machine decides, on one link at a time. */
export class Network {
  readonly #deps: NetworkDeps
  readonly #session: Session = createSession()
  #link: Link | undefined
  #connection: Connection | undefined
  #limits: Limits = defaultLimits
  #joiner = createJoiner<RangeFrame>(defaultLimits)
  #lastError: { readonly kind: ErrorKind; readonly message: string; readonly afterMs: number } | undefined
  #cancelWake: (() => void) | undefined
  /** Raised with each link, so that a late event of an earlier one is ignored. */
  #era = 0
  bytesUp = 0
  bytesDown = 0

  constructor(deps: NetworkDeps) {
    this.#deps = deps
  }

  /** The connection while it is usable. */
  get connection(): Connection | undefined {
    return this.#session.state.kind === 'live' ? this.#connection : undefined
  }

  get limits(): Limits {
    return this.#limits
  }

  get joiner(): Joiner<RangeFrame> {
    return this.#joiner
  }

  goOnline(): void {
    this.#step({ kind: 'go-online' })
  }

  goOffline(): void {
    this.#step({ kind: 'go-offline' })
  }

  /** Starts a new connection, if there is one, so that every stream is asked for from its cursor. */
  reconnect(): void {
    if (this.#link !== undefined) this.#drop('unavailable', 'Everything is asked for again.')
  }

  /** The connection lives and does not answer: a new one asks what became of everything. */
  unanswered(what: string): void {
    this.#deps.log('warn', 'session.unanswered', { what })
    if (this.#link !== undefined) this.#drop('timeout', `The server has not answered: ${what}.`)
  }

  #step(event: SessionEvent): void {
    const moment = { now: this.#deps.elapsed(), random: this.#deps.random.float() }
    for (const effect of this.#session.step(event, moment)) this.#carryOut(effect)
  }

  #carryOut(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'connect':
        this.#connect()
        return
      case 'greet':
        void this.#greet(this.#era)
        return
      case 'ping':
        this.#connection?.send({ kind: 'ping' })
        return
      case 'hang-up':
        this.#hangUp()
        return
      case 'up':
        return
      case 'down':
        this.#down(effect.error)
        return
      case 'wake':
        this.#wake(effect.at)
        return
      default:
        unreachable(effect)
    }
  }

  #connect(): void {
    this.#era += 1
    const era = this.#era
    const current = (act: () => void): void => {
      if (era === this.#era) act()
    }
    this.#lastError = undefined
    this.#link = this.#deps.transport.connect(this.#deps.url, {
      opened: () => current(() => this.#step({ kind: 'opened' })),
      received: (bytes) => current(() => this.#received(bytes)),
      closed: (code, reason) => current(() => this.#ended(code, reason)),
    })
  }

  async #greet(era: number): Promise<void> {
    const token = await this.#deps.token().then(ok, (cause: unknown) => err(cause))
    if (era !== this.#era || this.#link === undefined) return
    if (!token.ok) {
      const { error: cause } = token
      this.#deps.log('warn', 'session.no-token', { reason: String(cause) })
      const message = cause instanceof Error ? cause.message : String(cause)
      return this.#drop(cause instanceof RejoinError ? cause.kind : 'unauthenticated', `There is no token: ${message}`)
    }
    this.#limits = defaultLimits
    const { device, cursors, timers, elapsed } = this.#deps
    const sent = (bytes: number): void => {
      this.bytesUp += bytes
      this.#step({ kind: 'said' })
    }
    const outlet = new Outlet({ link: this.#link, timers, elapsed, sent }, this.#limits.framesPerSecondMax)
    this.#connection = new Connection(outlet, this.#limits)
    this.#connection.send({
      kind: 'hello',
      protocol: protocolVersion,
      device: device(),
      accessToken: token.value ?? '',
      cursors: cursors(),
    })
  }

  #received(bytes: Uint8Array): void {
    this.bytesDown += bytes.length
    const connection = this.#connection
    if (connection === undefined) return
    this.#step({ kind: 'heard' })
    const decoded = connection.decode(bytes, this.#limits)
    if (!decoded.ok) {
      if (decoded.error.kind === 'unknown-type') connection.send({ kind: 'unsupported', type: decoded.error.type })
      else this.#fail(decoded.error.message)
      return
    }
    const problem = connection.learn(decoded.value) ?? this.#dispatch(connection, decoded.value, bytes.length)
    if (problem !== undefined) this.#fail(problem.message)
  }

  #dispatch(connection: Connection, frame: ServerFrame, size: number): { readonly message: string } | undefined {
    if (frame.kind === 'error') {
      this.#lastError = { kind: frame.error, message: frame.message, afterMs: frame.afterMs }
      // Whoever cannot serve now asks for a delay. And a newer connection of ours would have ended this one here.
      if (frame.error === 'unavailable' && frame.afterMs === 0) this.#deps.ousted()
      return undefined
    }
    if (frame.kind === 'welcome' && this.#session.state.kind === 'greeting') {
      this.#limits = frame.limits
      this.#joiner = createJoiner<RangeFrame>(frame.limits)
      connection.keepTo(frame.limits)
      this.#step({ kind: 'welcomed' })
      this.#deps.up(connection, frame)
      return undefined
    }
    if (this.#session.state.kind !== 'live') return { message: `a ${frame.kind} before the welcome` }
    return this.#deps.frame(connection, frame, size)
  }

  /** The server broke the protocol, or bytes were damaged: a fresh connection starts from the cursors. */
  #fail(message: string): void {
    this.#deps.log('warn', 'session.bad-frame', { reason: message })
    this.#drop('bad-frame', message)
  }

  /** Ends the connection from this side, for a reason of ours. */
  #drop(kind: ErrorKind, message: string): void {
    this.#lastError = { kind, message, afterMs: 0 }
    this.#link?.close()
    this.#ended(1006, message)
  }

  #ended(code: number, reason: string): void {
    this.#link = undefined
    this.#forgetConnection()
    this.#era += 1
    const kind = kindOfClose(code)
    const error = this.#lastError ?? { kind, message: reason || new RejoinError(kind).message, afterMs: 0 }
    this.#lastError = error
    this.#step({ kind: 'ended', error: error.kind, afterMs: error.afterMs })
  }

  #hangUp(): void {
    this.#era += 1
    this.#link?.close()
    this.#link = undefined
    this.#forgetConnection()
  }

  #forgetConnection(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  #down(error: ErrorKind): void {
    const message = this.#lastError?.message ?? new RejoinError(error).message
    // Being offline by choice is no problem.
    this.#deps.down(this.#session.state.kind === 'off' ? undefined : { kind: error, message })
  }

  #wake(at: number | undefined): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    if (at === undefined) return
    this.#cancelWake = this.#deps.timers.after(Math.max(0, Math.ceil(at - this.#deps.elapsed())), () => {
      this.#cancelWake = undefined
      this.#step({ kind: 'due' })
    })
  }
}
