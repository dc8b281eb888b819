import * as Y from 'yjs'

/**
 * Whether text that was there and stays reads with other marks because formats were deleted. Yjs deletes formats of
 * deleted text, too, and that changes nothing. Walks the text once, and only if a format was deleted.
 */
export function isUnmarked(
  text: ReturnType<Y.Doc['share']['get']>,
  gone: readonly Y.Item[],
  isNew: (item: Y.Item) => boolean,
): boolean {
  const formats = new Set(gone.filter(({ content, parent }) => content instanceof Y.ContentFormat && parent === text))
  if (text === undefined || formats.size === 0) return false
  const before = new Map<string, string>()
  const after = new Map<string, string>()
  for (let item = text._start; item !== null; item = item.right) {
    const { content, deleted } = item
    if (content instanceof Y.ContentFormat) {
      if (!deleted || formats.has(item)) put(before, content)
      if (!deleted) put(after, content)
    } else if (!deleted && item.countable && !isNew(item) && !isEqual(before, after)) return true
  }
  return false
}

function put(marks: Map<string, string>, { key, value }: Y.ContentFormat): void {
  if (value === null) marks.delete(key)
  else marks.set(key, JSON.stringify(value))
}

const isEqual = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
