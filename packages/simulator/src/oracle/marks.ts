import type { Page } from '../world/entity.ts'

/** The marks in the text of a page: everything but fillers. */
export const textOf = ({ body = '' }: Page): string => body.replaceAll(/[a-z ]/g, '')

/** Every mark that a page shows, wherever. */
export const marksIn = (page: Page): ReadonlySet<string> => new Set([...page.marks.map(String), ...textOf(page)])
