import { every, monotonicMs } from '../platform/clock.ts'
import type { Session } from './stage.ts'

/** How long a session may go without a report before it is given up: longer than any single wait in it. */
const silenceMaxMs = 120_000

/** Nothing may hang for ever. Returns what ends the watch. */
export function watchStandstill(session: Session, giveUp: (message: string) => void): () => void {
  const { ledger } = session
  let seen = { position: -1, at: monotonicMs() }
  return every(1000, () => {
    const { position, pending } = ledger.latest
    if (position !== seen.position) seen = { position, at: monotonicMs() }
    if (monotonicMs() - seen.at < silenceMaxMs) return
    giveUp(`The session stands still at transaction ${position}, with ${pending} writes unacknowledged.`)
  })
}
