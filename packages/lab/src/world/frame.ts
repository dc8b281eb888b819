import type { DocumentUpdate } from '@rejoin/documents'

/** What one edit did, on its way. */
export interface Frame {
  /** The device that made it, and its number among those of that. */
  readonly author: number
  readonly nth: number
  readonly entity: string
  readonly updates: readonly DocumentUpdate[]
  /** When it was made, in true time. */
  readonly madeMs: number
}

/** A frame that the log has, at this place. */
export interface Logged extends Frame {
  readonly seq: number
}

/** Bytes of it that a network carries: the updates, and about what Rejoin's own frames take to say whose they are. */
export const bytesOf = ({ updates }: Frame): number =>
  updates.reduce((sum, { update }) => sum + update.bytes.length + envelopeBytes, 0)

const envelopeBytes = 4
