import { babble } from './deeds/babble.ts'
import { deafen } from './deeds/deafen.ts'
import { equivocate } from './deeds/equivocate.ts'
import { flood } from './deeds/flood.ts'
import { foresee } from './deeds/foresee.ts'
import { forge } from './deeds/forge.ts'
import { knock } from './deeds/knock.ts'
import { replay } from './deeds/replay.ts'
import { reuse } from './deeds/reuse.ts'
import { spoil } from './deeds/spoil.ts'
import { trespass } from './deeds/trespass.ts'
import type { DeedKind } from './ground.ts'
import type { Deed } from './hands.ts'

export const deeds: Readonly<Record<DeedKind, Deed>> = {
  replay,
  forge,
  equivocate,
  deafen,
  reuse,
  trespass,
  foresee,
  flood,
  spoil,
  babble,
  knock,
}
