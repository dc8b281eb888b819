import { ByteWriter, userId } from '@rejoin/base'
import type { Result, UserId } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** Who a writer of another replica is, as the server says. */
export const encodeAuthor = (user: UserId): Uint8Array => sealRecord(new ByteWriter().text(user))

export const decodeAuthor = (bytes: Uint8Array): Result<UserId, Damage> =>
  openRecord(bytes, (body) => userId(body.text()))
