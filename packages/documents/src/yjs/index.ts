import type { Engine } from '../engine.ts'
import { changes } from './changes.ts'
import { YjsDocument } from './document.ts'
import { squash } from './squash.ts'

/** The engine port over Yjs 13. */
export const yjs: Engine = { name: 'yjs', create: () => new YjsDocument(), squash, changes }
