/** Resolves after every promise that can go on has gone on: between two moments nothing is half done. */
export const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
