import { variables } from './colours.ts'
import type { Svg } from './drawing.ts'

/** A drawing as a file of its own, on its own ground: it can be read wherever it is shown, by day and by night. */
export function standalone(svg: Svg): string {
  const { width = 0, height = 0 } =
    /^<svg [^>]*viewBox="0 0 (?<width>[\d.]+) (?<height>[\d.]+)"/.exec(svg)?.groups ?? {}
  const box = [-edge, -edge, Number(width) + 2 * edge, Number(height) + 2 * edge]
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(' ')}" width="${box[2]}" height="${box[3]}">` +
    `<style>${styles}</style><rect x="${-edge}" y="${-edge}" width="100%" height="100%" fill="var(--ground)"/>${svg}</svg>\n`
  )
}

/** Between what is drawn and where the ground ends, in pixels. */
const edge = 12

const styles = `svg { ${variables('light')} color: var(--ink); font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { ${variables('dark')} } }`
