import type { DocumentKey, EntryId, SpaceId, UserId, WriterId } from '@rejoin/base'
import { checkPlan, checkSend, checkTake } from './laws.test.helper.ts'
import { docs, limits, nameOf, sameGroup, spaces, users } from './model.test.helper.ts'
import type { Event, Link, Model, ModelEntry, ModelRow, Reply, RowState, WriteSpec } from './model.test.helper.ts'
import { NaiveServer } from './naive-server.test.helper.ts'
import { createOutbox } from './outbox.ts'
import { writerNamed } from './rows.test.helper.ts'
import type { Happening } from './rows.test.helper.ts'
import type { Outbox, OutboxEffect, RowInfo, SealedInfo } from './types.ts'

interface Disk {
  readonly rows: Map<number, RowInfo>
  readonly entries: Map<string, SealedInfo>
  readonly branches: Map<string, number>
}

interface StoreTransaction {
  readonly plan?: OutboxEffect & { kind: 'seal' }
  commit(): void
}

/** The shell, the store, the network and the server around an outbox, each as simple as can be. */
export class World implements Model {
  outbox: Outbox = createOutbox(limits)
  readonly server: NaiveServer = new NaiveServer()
  rows: ModelRow[] = []
  entries: ModelEntry[] = []
  /** Of the store: what survives the process. */
  readonly disk: Disk = { rows: new Map(), entries: new Map(), branches: new Map() }
  readonly finished: { readonly stored: Set<number>; readonly taken: Set<number> } = {
    stored: new Set(),
    taken: new Set(),
  }
  readonly links: ReadonlyMap<SpaceId, Link> = new Map(
    spaces.map((space) => [space, { principal: undefined, up: [], down: [], sent: new Set() }]),
  )
  transactions: StoreTransaction[] = []
  readonly held: Map<string, number> = new Map()
  readonly takenBranches: Map<string, number> = new Map()
  /** How often the schedule really did what it is to prove. */
  readonly seen: Record<Event, number> = {
    takes: 0,
    late: 0,
    stored: 0,
    retried: 0,
    failedSeals: 0,
    restarts: 0,
    groups: 0,
    pauses: 0,
    asked: 0,
    unknown: 0,
  }
  readonly causes: Set<string> = new Set()
  /** What the server of the next link takes as one entry. */
  entryBytesMax: number = limits.entryBytesMax ?? 0
  wakeAt: number | undefined
  now = 0
  #lastRow = 0
  #writers = 0

  constructor() {
    this.restart()
  }

  get writer(): WriterId {
    return writerNamed(this.#writers)
  }

  step(event: Happening): void {
    this.now++
    for (const effect of this.outbox.step({ random: 0.5, ...event, now: this.now })) this.#carryOut(effect)
  }

  linkOf(space: SpaceId): Link {
    const link = this.links.get(space)
    if (link === undefined) throw new Error(`no space ${space}`)
    return link
  }

  write(spec: WriteSpec): void {
    const space = spaces[spec.space] ?? spaces[0]
    const principal = users[spec.user] ?? users[0]
    if (space === undefined || principal === undefined) return
    const names = spec.docs.map((i) => docs[i]).filter((it) => it !== undefined)
    const planned = spec.split && names[0] !== undefined ? [...names.slice(0, 1), names[0], ...names.slice(1)] : names
    const group = names.length > 1 ? this.#lastRow + 1 : 0
    const branchAt = (document: DocumentKey): number => this.branchOf(space, document)
    const rows = planned.map((document, i): RowInfo => {
      const second = spec.split && i === 1
      const row = ++this.#lastRow
      this.server.verdicts.set(row, second ? 'accept' : spec.verdict)
      return {
        row,
        space,
        document,
        branch: branchAt(document),
        generation: { number: 0, id: '' },
        writer: this.writer,
        lane: second ? 'low' : spec.lane,
        principal,
        group: second ? 0 : group,
        bytes: spec.bytes + i,
        writes: 1,
        stamp: row,
        needs: spec.needs.map((n) => docs[n]).filter((it) => it !== undefined),
      }
    })
    this.transactions.push({ commit: () => this.#append(rows) })
  }

  branchOf(space: SpaceId, document: DocumentKey): number {
    return this.disk.branches.get(`${space} ${document}`) ?? 0
  }

  /** Rows of a document that was rebuilt meanwhile never enter the store. */
  #append(rows: readonly RowInfo[]): void {
    if (rows.some((row) => row.branch < this.branchOf(row.space, row.document))) return
    for (const row of rows) {
      this.disk.rows.set(row.row, row)
      this.rows.push({ info: row, state: 'waiting' })
    }
    this.step({ kind: 'waiting', rows })
  }

  commit(): void {
    this.transactions.shift()?.commit()
  }

  failSeal(): void {
    const index = this.transactions.findIndex(({ plan }) => plan !== undefined)
    const [failed] = index < 0 ? [] : this.transactions.splice(index, 1)
    if (failed?.plan === undefined) return
    this.seen.failedSeals++
    const { plan } = failed.plan
    for (const { rows } of plan.entries) this.#setRows(rows, 'waiting')
    for (const entry of this.entries) if (plan.entries.includes(entry.entry)) entry.gone = true
    this.step({ kind: 'seal-failed', plan })
  }

  keepTo(entryBytesMax: number): void {
    this.entryBytesMax = Math.min(entryBytesMax, limits.entryBytesMax ?? 0)
    this.step({ kind: 'limits', entryBytesMax, unansweredBytesMax: 3 * entryBytesMax })
  }

  link(space: SpaceId, principal: UserId): void {
    const link = this.linkOf(space)
    this.#drop(link)
    link.principal = principal
    this.step({ kind: 'linked', space, principal })
  }

  cut(space: SpaceId): void {
    const link = this.linkOf(space)
    this.#drop(link)
    this.step({ kind: 'unlinked', space })
  }

  #drop(link: Link): void {
    link.principal = undefined
    link.up = []
    link.down = []
    link.sent.clear()
    this.server.forgetLink()
  }

  /** The server takes the next frame of a link. */
  serve(space: SpaceId): void {
    const link = this.linkOf(space)
    const next = link.up.shift()
    if (next === undefined) return
    link.down.push(...('push' in next ? this.server.push(next.push) : this.server.ask(space, next.ask)))
  }

  /** The replica takes the next answer of a link. */
  receive(space: SpaceId, times: number): void {
    const reply = this.linkOf(space).down.shift()
    if (reply === undefined) return
    for (let i = 0; i < times; i++) this.#answer(space, reply)
  }

  #answer(space: SpaceId, { id, answer }: Reply): void {
    const known = this.entries.find(
      (it) => !it.gone && it.space === space && it.entry.id.writer === id.writer && it.entry.id.n === id.n,
    )
    if (answer.kind === 'retry') {
      this.seen.retried++
      if (answer.error === 'rate-limited') this.seen.pauses++
      for (const it of this.entries)
        if (known !== undefined && sameGroup(it, known) && answer.error === 'checksum') it.retries++
    }
    if (answer.kind === 'unknown') this.seen.unknown++
    if (answer.kind === 'ack' && id.n % 2 === 0)
      this.step({ kind: 'answered-all', space, writer: id.writer, numbers: [id.n, id.n], answer })
    else this.step({ kind: 'answered', space, id, answer })
  }

  /** Time passes until the timer that was asked for fires. */
  wait(): void {
    if (this.wakeAt === undefined) return
    this.now = Math.max(this.now, this.wakeAt)
    this.wakeAt = undefined
    this.step({ kind: 'due' })
  }

  /** The process dies; what it had not stored is gone. */
  restart(): void {
    if (this.#writers++ > 0) this.seen.restarts++
    this.transactions = []
    for (const link of this.links.values()) this.#drop(link)
    this.held.clear()
    this.takenBranches.clear()
    this.causes.clear()
    this.wakeAt = undefined
    this.outbox = createOutbox(limits)
    this.entryBytesMax = limits.entryBytesMax ?? 0
    const sealed = [...this.disk.entries.values()]
    const inEntries = new Set(sealed.flatMap(({ rows }) => rows))
    const plan = {}
    this.rows = [...this.disk.rows.values()].map((info) => ({
      info,
      state: inEntries.has(info.row) ? 'sealed' : 'waiting',
    }))
    this.entries = sealed.map((entry) => ({ entry, space: entry.space, plan, durable: true, gone: false, retries: 0 }))
    this.step({ kind: 'start', writer: this.writer, lastEntry: new Map(), rows: [...this.disk.rows.values()], sealed })
  }

  #carryOut(effect: OutboxEffect): void {
    switch (effect.kind) {
      case 'seal':
        return this.#seal(effect)
      case 'send':
        return this.#send(effect.space, effect.ids)
      case 'ask':
        this.seen.asked++
        this.linkOf(effect.space).up.push({ ask: effect.ids })
        return
      case 'stored':
        return this.#stored(effect.entries)
      case 'take':
        return this.#take(effect)
      case 'wake':
        this.wakeAt = effect.at
        return
      default:
        throw new Error('an effect that nobody carries out')
    }
  }

  #seal(effect: OutboxEffect & { kind: 'seal' }): void {
    const { plan } = effect
    checkPlan(this, plan)
    for (const entry of plan.entries) {
      this.#setRows(entry.rows, 'sealing')
      this.entries.push({ entry, space: plan.space, plan, durable: false, gone: false, retries: 0 })
      if (entry.group !== 0) this.seen.groups++
    }
    this.transactions.push({
      plan: effect,
      commit: () => {
        for (const entry of plan.entries) {
          this.#setRows(entry.rows, 'sealed')
          const bytes = entry.rows.length * 3
          this.disk.entries.set(nameOf(plan.space, entry.id), { ...entry, space: plan.space, bytes, sent: false })
        }
        for (const entry of this.entries) if (entry.plan === plan) entry.durable = true
        this.step({ kind: 'sealed', plan, sizes: plan.entries.map(({ rows }) => rows.length * 3) })
      },
    })
  }

  #send(space: SpaceId, ids: readonly EntryId[]): void {
    const { up, sent } = this.linkOf(space)
    for (const id of ids) {
      up.push({ push: checkSend(this, space, id) })
      sent.add(nameOf(space, id))
    }
  }

  #stored(entries: readonly SealedInfo[]): void {
    for (const { space, id, rows } of entries) {
      this.seen.stored++
      const known = this.#entry(space, id)
      if (!this.server.accepted.has(nameOf(space, id))) throw new Error(`${id.n} is stored but was not accepted`)
      known.gone = true
      this.#setRows(rows, 'stored')
    }
    this.transactions.push({
      commit: () => {
        for (const { space, id, rows } of entries) {
          this.disk.entries.delete(nameOf(space, id))
          for (const row of rows) this.#finish(row, 'stored')
        }
      },
    })
  }

  #take(effect: OutboxEffect & { kind: 'take' }): void {
    this.seen.takes++
    checkTake(this, effect)
    const { space } = effect
    this.causes.add(nameOf(space, effect.first))
    for (const id of effect.entries) this.#entry(space, id).gone = true
    for (const row of effect.rows) {
      const { info } = this.row(row)
      const key = `${space} ${info.document}`
      this.takenBranches.set(key, Math.max(this.takenBranches.get(key) ?? -1, info.branch))
    }
    this.#setRows(effect.rows, 'taken')
    for (const document of effect.documents)
      this.held.set(`${space} ${document}`, (this.held.get(`${space} ${document}`) ?? 0) + 1)
    this.transactions.push({ commit: () => this.#moved(effect) })
  }

  /** Every other take moves by itself the later rows of its documents. */
  #moved(effect: OutboxEffect & { kind: 'take' }): void {
    const { space, documents } = effect
    const later = [...this.disk.rows.values()].filter(
      (row) => row.space === space && documents.includes(row.document) && row.row > Math.max(...effect.rows),
    )
    const moved = new Set([...effect.rows, ...(effect.take % 2 === 0 ? later.map(({ row }) => row) : [])])
    for (const id of effect.entries) this.disk.entries.delete(nameOf(space, id))
    for (const row of moved) if (this.disk.rows.has(row)) this.#finish(row, 'taken')
    this.#setRows([...moved], 'taken')
    for (const document of documents) {
      const key = `${space} ${document}`
      this.disk.branches.set(key, this.branchOf(space, document) + 1)
      this.held.set(key, (this.held.get(key) ?? 0) - 1)
    }
    this.step({ kind: 'taken', take: effect.take, space, rows: [...moved] })
  }

  #finish(row: number, how: 'stored' | 'taken'): void {
    if (!this.disk.rows.delete(row)) throw new Error(`row ${row} is ${how} a second time`)
    this.finished[how].add(row)
  }

  row(number: number): ModelRow {
    const found = this.rows.find(({ info }) => info.row === number)
    if (found === undefined) throw new Error(`there is no row ${number}`)
    return found
  }

  #entry(space: SpaceId, id: EntryId): ModelEntry {
    const found = this.entries.find(
      (it) => !it.gone && it.space === space && it.entry.id.writer === id.writer && it.entry.id.n === id.n,
    )
    if (found === undefined) throw new Error(`there is no unanswered entry ${id.n}`)
    return found
  }

  #setRows(rows: readonly number[], state: RowState): void {
    for (const row of rows) this.row(row).state = state
  }
}
