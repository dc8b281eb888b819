import type { StandardSchemaV1 } from '@standard-schema/spec'

/** Names a file by its content; the bytes travel by themselves. */
export interface Attachment {
  /** SHA-256 of the bytes, as 64 hex digits. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
  /** The media type, `image/jpeg`. */
  readonly type: string
  /** The file's name for people; a path is none. */
  readonly name: string
}

const mediaType = /^[\w.+-]{1,63}\/[\w.+-]{1,63}$/
const issue = (message: string): StandardSchemaV1.FailureResult => ({ issues: [{ message }] })

/** Fits wherever a schema is asked for: `movableList(attachmentSchema)` is an album. */
export const attachmentSchema: StandardSchemaV1<Attachment> = {
  '~standard': {
    version: 1,
    vendor: 'rejoin',
    validate(value) {
      if (typeof value !== 'object' || value === null) return issue('An attachment is { hash, size, type, name }')
      const { hash, size, type, name }: Partial<Record<keyof Attachment, unknown>> = value
      if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return issue('hash is SHA-256 as 64 hex digits')
      if (!Number.isSafeInteger(size) || Number(size) < 0) return issue('size is a whole number of bytes')
      if (typeof type !== 'string' || !mediaType.test(type)) return issue('type is a media type such as image/jpeg')
      if (typeof name !== 'string' || !isFileName(name)) return issue('name is the name of a file, without a path')
      return { value: { hash, size: Number(size), type, name } }
    },
  },
}

const isFileName = (name: string): boolean =>
  name.length > 0 && name.length <= 255 && name !== '.' && name !== '..' && !/[/\\\p{Cc}]/u.test(name)
