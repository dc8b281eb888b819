import { invariant } from '@rejoin/base'
import type * as Y from 'yjs'
import type { Engine, EngineDocument } from '../engine.ts'
import { changes, changesOfEach } from './changes.ts'
import { YjsDocument } from './document.ts'
import type { Underlying } from './document.ts'
import { squash } from './squash.ts'

export type { Underlying } from './document.ts'

/** The engine port over Yjs 13. */
export const yjs: Engine = {
  name: 'yjs',
  encodings: ['yjs-1', 'yjs-2'],
  create: () => new YjsDocument(),
  squash,
  changes,
  changesOfEach,
}

/**
 * A document over a Y.Doc that a provider fills, keeps and sends, such as those of y-websocket, y-webrtc and
 * y-indexeddb. It writes under the client id of the Y.Doc, and disposing of it leaves the Y.Doc alone.
 */
export const adopt = (doc: Y.Doc): EngineDocument => new YjsDocument(doc)

/** What the Yjs bindings of editors attach to. The document is adopted, or bound to a host. */
export function underlying(document: EngineDocument): Underlying {
  invariant(document instanceof YjsDocument, 'a document of this engine')
  return document.underlying()
}
