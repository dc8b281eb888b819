/**
 * The witness is kept outside the database, so that it does not go back in time with it. It need not be
 * durable to the last commit: a witness that lags behind the database says nothing wrong.
 */
export interface Life {
  readonly epoch: string
  readonly head: number
}

/** Whether the database holds an older state of the space than the witness has seen. */
export const setBack = (database: Life, witness: Life): boolean =>
  database.epoch !== witness.epoch || database.head < witness.head
