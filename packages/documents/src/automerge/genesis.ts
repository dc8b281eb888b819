import { fromHex, invariant } from '@rejoin/base'
import type { Hash, OpId } from './library.ts'

/** The containers of a document, as one word for each. */
export type RootName = 'registers' | 'text' | 'list'

/**
 * The change that makes a container: the same bytes on every replica, for ever, so that it exists once, whoever writes
 * into it first. It is in no update; every replica adds it where an update builds on it.
 */
export interface Genesis {
  /** One letter, as no client is called. */
  readonly actor: Uint8Array
  /** The object it makes. */
  readonly object: OpId
  readonly hash: Hash
  readonly bytes: Uint8Array
}

function genesisOf(actor: string, hash: Hash, hex: string): Genesis {
  const [letter, bytes] = [fromHex(actor), fromHex(hex)]
  invariant(letter !== undefined && bytes !== undefined, 'bytes in hex')
  return { actor: letter, object: `1@${actor}`, hash, bytes }
}

/** Registers are the map `r`, the text is `t`, the list `l`; the actor of each is that letter. */
export const genesis: Readonly<Record<RootName, Genesis>> = {
  registers: genesisOf(
    '72',
    '817ebe2184ba02f3aaae50f24bc9c3f36839c1b01df40e34c4a4c48adcc0272f',
    '856f4a83817ebe21011d000172010100000005150334014202560270027f0172017f007f007f00',
  ),
  text: genesisOf(
    '74',
    'f1786f7a55bd9d95432250452f4d29be5f815036fc0f362b772f1ada3ef1d8f3',
    '856f4a83f1786f7a011d000174010100000005150334014202560270027f0174017f047f007f00',
  ),
  list: genesisOf(
    '6c',
    '8753f61aba730b10d898da14ca37a97dda23b65eed0856b6950734f84c52f232',
    '856f4a838753f61a011d00016c010100000005150334014202560270027f016c017f027f007f00',
  ),
}

export const rootNames: readonly RootName[] = ['registers', 'text', 'list']
