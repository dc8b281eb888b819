import type { Receipt } from '@rejoin/client'

interface Made {
  readonly replica: string
  readonly note: string
  readonly mark: string
  readonly receipt: string
  device: boolean
}

/** How a mark ended, by its receipt. */
export type Fate = 'stored' | 'rejected' | 'pending' | undefined

export interface SeenNote {
  readonly id: string
  readonly marks: readonly string[]
  readonly count: number
  readonly body: string
}

/**
 * What must hold in the end, told by bookkeeping alone: it knows which edits were made and which had a
 * receipt, and shares no code with the system.
 */
export class Oracle {
  readonly notes: string[] = []
  readonly #made: Made[] = []
  #marks = 0

  nextMark(): string {
    this.#marks += 1
    return `m${this.#marks}`
  }

  created(note: string): void {
    this.notes.push(note)
  }

  made(replica: string, note: string, mark: string, receipt: Receipt): void {
    const made: Made = { replica, note, mark, receipt: receipt.id, device: false }
    this.#made.push(made)
    receipt.device.then(
      () => {
        made.device = true
      },
      () => undefined,
    )
  }

  get edits(): number {
    return this.#made.length
  }

  /** Everything wrong with the notes that a replica shows; `fateOf` asks the replica that made the edit. */
  async judge(seen: readonly SeenNote[], fateOf: (replica: string, receipt: string) => Promise<Fate>): Promise<string[]> {
    const wrong: string[] = []
    const byId = new Map(seen.map((note) => [note.id, note]))
    for (const { replica, note, mark, receipt, device } of this.#made) {
      const fate = await fateOf(replica, receipt)
      const shown = byId.get(note)
      const isShown = shown?.marks.includes(mark) ?? false
      if (device && fate === undefined) wrong.push(`[I2] ${mark} had a device receipt on ${replica} and is nowhere`)
      if (fate === 'pending') wrong.push(`[I17] ${mark} still waits on ${replica}`)
      if (fate === 'stored' && !isShown) wrong.push(`[I1] ${mark} was stored and is not in ${note}`)
      if (fate !== 'stored' && isShown) wrong.push(`[I9] ${mark} is in ${note} and its receipt says ${fate}`)
    }
    for (const note of seen) {
      if (note.count !== note.marks.length) wrong.push(`[I4] ${note.id} counts ${note.count} edits and shows ${note.marks.length}`)
      const typed = note.body.match(/<m\d+>/g) ?? []
      if (new Set(typed).size !== typed.length) wrong.push(`[I4] ${note.id} has a mark typed twice`)
      for (const mark of typed) if (!note.marks.includes(mark.slice(1, -1))) wrong.push(`[I8] ${note.id} has half of the edit ${mark}`)
    }
    return wrong
  }
}
