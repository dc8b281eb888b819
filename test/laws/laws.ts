import { engineLaws, entityLaws } from '@rejoin/documents/testing'
import type { Law } from '@rejoin/documents/testing'

/** Every law of engines and of entities. Titles are different. */
export const laws: readonly Law[] = [...engineLaws, ...entityLaws]
