import * as Y from 'yjs'

/** Names of the roots in the bytes: fixed for ever. */
export const rootNames = { registers: 'r', text: 't', list: 'l' } as const

/** No client: nothing is written under it, and Yjs does not take a new id at random when it sees our own come back. */
export const nobody = -1

/** A guid of our own spares the making of a random one, which costs more than all the rest. */
export function newDoc(): Y.Doc {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = nobody
  return doc
}
