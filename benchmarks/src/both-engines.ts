import type { Engine } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'

/** The first is what the other is compared with. */
export const bothEngines = async (): Promise<readonly [yjs: Engine, automerge: Engine]> => [yjs, await openAutomerge()]
