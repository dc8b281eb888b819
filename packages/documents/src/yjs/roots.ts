import * as Y from 'yjs'

/** Names of the roots in the bytes: fixed for ever. */
export const rootNames = { registers: 'r', text: 't', list: 'l', blocks: 'x' } as const

/** No client: nothing is written under it, and Yjs does not take a new id at random when it sees our own come back. */
export const nobody = -1

/** Yjs tells of seven events in each transaction, and makes a map and a list for each, whether anybody listens or not. */
class QuietDoc extends Y.Doc {
  override emit(...[name, args]: Parameters<Y.Doc['emit']>): void {
    const listeners = this._observers.get(name)
    if (listeners === undefined) return
    const [first] = listeners
    if (listeners.size === 1) first?.(...args)
    else super.emit(name, args)
  }
}

/** A guid of our own spares the making of a random one, which costs more than all the rest. */
export function newDoc(): Y.Doc {
  const doc = new QuietDoc({ guid: '' })
  doc.clientID = nobody
  doc.on('afterTransaction', keepFormats)
  return doc
}

/**
 * After changes of others Yjs deletes formats that have no effect at the moment. Whether they have none depends on
 * what has come so far, and nobody else would hear of the deletion: replicas would differ.
 */
function keepFormats(transaction: Y.Transaction): void {
  transaction._needFormattingCleanup = false
}
