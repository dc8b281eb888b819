/** The machine on which a campaign runs. */
export interface Host {
  /** Results. */
  out(text: string): void
  /** Progress and complaints. */
  err(text: string): void
  /** Whether the last line of `err` can be rewritten. */
  readonly isLive: boolean
  readonly columns: number
  readonly cores: number
  /** Real milliseconds since some moment. */
  nowMs(): number
  every(ms: number, fire: () => void): () => void
  /** Tells of SIGINT or SIGTERM until the returned function is called. */
  onInterrupt(fire: () => void): () => void
  /** Undefined if there is no such file. */
  read(path: string): string | undefined
  /** All of it is there after a crash, or all of what was there before. */
  write(path: string, text: string): void
  isFolder(path: string): boolean
}
