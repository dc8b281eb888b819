const clauses: Readonly<Record<string, string>> = {
  ENOTDIR: 'there is a file where a folder is needed',
  EEXIST: 'there is a file where a folder is needed',
  EISDIR: 'there is a folder where a file is needed',
  ENOTEMPTY: 'there is a folder where a file is needed',
  ENOENT: 'it does not exist and cannot be made there',
  EROFS: 'it is on a disk that can only be read',
  EACCES: 'you have no rights to it',
  EPERM: 'you have no rights to it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'you have no more room on its disk',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  EIO: 'its disk fails',
}

/** Why a file or folder cannot be used, in a clause for people instead of the words of the system. */
export function whyNot(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code
  if (typeof code === 'string') return clauses[code] ?? `the system says ${code}`
  return cause instanceof Error ? cause.message : String(cause)
}

/** Whether other room is what is missing, and nothing is wrong with the name. */
export const isFull = (cause: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes(String((cause as { code?: unknown } | null)?.code))
