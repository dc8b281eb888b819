import { RejoinError } from '@rejoin/base'
import type { EntityHandle, Receipt } from '@rejoin/client'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register } from '@rejoin/schema'
import { inlineFolder, sqlite } from '@rejoin/server'
import { World } from '../client/world.ts'
import type { notes, TestRejoin } from '../client/world.ts'
import { FailingLog } from './failing-log.ts'
import type { LogDisturbance } from './failing-log.ts'

/** With a part that only the server writes. */
const graded = collection('notes', { title: register(), grade: register().writtenBy('server') }, { space: 'course' })

/** A server on a real SQLite log whose n-th call fails, and devices that work. */
export class ServerScene {
  readonly world: World = new World()
  readonly log: FailingLog
  readonly #folder: string
  readonly receipts: Receipt[] = []
  /** Every entry of which a device was told that the server has it. */
  readonly acknowledged: { readonly space: string; readonly writer: string; readonly n: number }[] = []

  private constructor(folder: string, disturbance: LogDisturbance) {
    this.#folder = folder
    this.log = new FailingLog(sqlite(folder), disturbance)
  }

  static async begin(folder: string, disturbance: LogDisturbance): Promise<ServerScene> {
    const scene = new ServerScene(folder, disturbance)
    scene.world.serverOptions = {
      store: scene.log,
      folder: inlineFolder([yjs]),
      collections: { notes: graded },
      limits: { foldEntriesMin: 1_000_000, foldBytesMin: 2 ** 30 },
    }
    await scene.world.start()
    return scene
  }

  open(options: Parameters<World['open']>[0] = {}): Promise<TestRejoin> {
    return this.world.open({ acknowledged: (entry) => this.acknowledged.push(entry), ...options })
  }

  edit(note: EntityHandle<typeof notes>, change: Parameters<EntityHandle<typeof notes>['edit']>[0]): void {
    this.receipts.push(note.edit(change))
  }

  /** Asks the server itself, and again after its log has refused. Rejects with anything else. */
  async ask<T>(act: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await act()
      } catch (cause) {
        const isOfStore = cause instanceof RejoinError && /^(storage-|unavailable)/.test(cause.kind)
        if (!isOfStore || tries > 20) throw cause
        await this.world.time.pass(1_000)
        if (tries > 2) this.log.repair()
      }
    }
  }

  grade(id: string, grade: number): Promise<void> {
    return this.world.server.edit('course-7', 'notes', id, (n) => {
      const part = n['grade']
      if (part !== undefined && 'clear' in part) part.set(grade)
    })
  }

  /** Everything that can come to rest does: at once, or not before the log works again. */
  async rest(...replicas: readonly TestRejoin[]): Promise<void> {
    if (await this.world.time.until(() => replicas.every(({ status }) => status.now.synced), 30_000)) return
    this.log.repair()
    // A stream that met damage is not asked for again before the server is another: an operator must act.
    if (replicas.some(({ status }) => status.now.problem?.kind === 'storage-corrupt')) await this.restart()
    await this.world.level(...replicas)
  }

  /** Another server on the same folder; the calls are counted on. */
  async restart(): Promise<void> {
    await this.world.stop()
    this.world.cut()
    await this.world.start()
  }

  /** Another server on the same folder, of which nothing fails. */
  async replace(): Promise<void> {
    await this.world.stop()
    this.world.cut()
    this.world.serverOptions = { ...this.world.serverOptions, store: sqlite(this.#folder) }
    await this.world.start()
  }
}
