import type { EngineName } from '../../world/app.ts'
import type { Chance } from '../ground.ts'
import * as automerge from './automerge.ts'
import type { Payload } from './payload.ts'
import * as yjs from './yjs.ts'

/** What a hostile user can write into the documents of one engine. */
export interface Payloads {
  /** What makes an entity. */
  making(writer: string, clientId: number): Payload
  /** A sound update to a document of text: the first of `client`, whoever that is. */
  text(client: number, said: string): Payload
  /** Little of each of these clients. */
  crowd(clients: readonly number[]): Payload
  /** Everything that the engine should refuse, or survive. */
  readonly spoils: Readonly<Record<string, (chance: Chance) => Payload>>
}

export const payloads: Readonly<Record<EngineName, Payloads>> = { yjs, automerge }
