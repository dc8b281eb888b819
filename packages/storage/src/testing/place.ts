import type { Store } from '../store.ts'

/** One store's home, as a law suite sees it: opened again and again, and empty at first. */
export interface StorePlace extends AsyncDisposable {
  /** Opens what lies here. Rejects with `storage-unavailable` while it is open elsewhere, if the adapter locks. */
  open(): Promise<Store>
  /** What the death of the process would leave behind: no store is closed properly, none holds a lock any more. */
  crash(): Promise<void>
}
