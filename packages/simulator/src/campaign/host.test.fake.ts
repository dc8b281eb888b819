import { perform } from './runner.ts'
import type { Runner, Workers } from './runner.ts'
import type { Host } from './host.ts'

/** A machine whose time, files and signals a test has in its hand. */
export class FakeHost implements Host {
  readonly files = new Map<string, string>()
  readonly folders = new Set<string>()
  said = ''
  complained = ''
  isLive = false
  columns = 80
  cores = 2
  ms = 0
  readonly #ticks = new Set<() => void>()
  readonly #signals = new Set<() => void>()

  out(text: string): void {
    this.said += text
  }

  err(text: string): void {
    this.complained += text
  }

  nowMs(): number {
    return this.ms
  }

  every(_ms: number, fire: () => void): () => void {
    this.#ticks.add(fire)
    return () => this.#ticks.delete(fire)
  }

  onInterrupt(fire: () => void): () => void {
    this.#signals.add(fire)
    return () => this.#signals.delete(fire)
  }

  /** All that is done again and again is done once. */
  tick(): void {
    for (const fire of this.#ticks) fire()
  }

  interrupt(): void {
    for (const fire of this.#signals) fire()
  }

  read(path: string): string | undefined {
    return this.files.get(path)
  }

  write(path: string, text: string): void {
    if (path.startsWith('/nowhere/')) throw new Error('no such folder')
    this.files.set(path, text)
  }

  isFolder(path: string): boolean {
    return this.folders.has(path)
  }
}

/** Runs tasks at once, in this thread; `ran` is told before each. */
export const workersHere = (runner: Runner, ran: (runs: number) => void = () => undefined): Workers => {
  let runs = 0
  let isClosed = false
  return {
    run: async (task) => {
      ran(++runs)
      return isClosed ? { kind: 'lost', message: 'the campaign was stopped' } : perform(runner, task)
    },
    close: async () => void (isClosed = true),
  }
}
