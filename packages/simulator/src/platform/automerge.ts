import type * as Automerge from '@automerge/automerge'
import { createRequire } from 'node:module'

/**
 * The bare library, with a memory of its own. As a module of ECMAScript there is one for each thread, and whoever is the
 * first to start it, as an app in a browser does, gives it its wasm.
 */
export const A = createRequire(import.meta.url)('@automerge/automerge') as typeof Automerge
