import type { Library } from './library.ts'

/** Gives one library to all who ask, until it is lost; then another. */
export function sharing(open: () => Promise<Library>): () => Promise<Library> {
  let current: Promise<Library> | undefined
  const ask = async (): Promise<Library> => {
    const asked = (current ??= open())
    const library = await asked.catch((error: unknown) => {
      if (current === asked) current = undefined
      throw error
    })
    if (!library.lost) return library
    if (current === asked) current = undefined
    return ask()
  }
  return ask
}
