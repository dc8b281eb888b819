/** Tells of every promise that is rejected and heard by nobody, until the returned function is called. */
export function onUnheardRejection(tell: (cause: unknown) => void): () => void {
  process.on('unhandledRejection', tell)
  return () => process.off('unhandledRejection', tell)
}
