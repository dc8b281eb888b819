import type { Random } from '@rejoin/base'
import type { OpenedStore } from '../log/factory.ts'

/** One store's home, as the law suite sees it: opened again and again, and empty at first. */
export interface LogPlace extends AsyncDisposable {
  open(random: Random): Promise<OpenedStore>
  /** Copies the database as a backup would, while it is closed. What is kept outside of it is not part of that. */
  backup(): Promise<void>
  /** Puts the copy back, while it is closed. */
  restore(): Promise<void>
}
