import { variables } from './colours.ts'

/** On paper always the light scheme. */
export const styles: string = `
:root { color-scheme: light dark; ${variables('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables('dark')} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid color-mix(in srgb, var(--faint) 35%, transparent); }
h3 { font-size: 1.08rem; margin: 2rem 0 0.5rem; }
h4, h5, h6 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p, ul, dl { max-width: 46rem; margin: 0 0 1rem; }
header p { font-size: 1.08rem; }
header li { margin-bottom: 0.3rem; }
h1, h2, h3, p, li, dd, th, td, figcaption { overflow-wrap: break-word; }
a { color: var(--blue); }
code { font: 0.92em ui-monospace, monospace; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; }
dt { color: var(--faint); }
dd { margin: 0; }
.warning { border-left: 0.25rem solid var(--ochre); padding: 0.1rem 0 0.1rem 0.8rem; }
.verdicts { padding: 0; list-style: none; }
.verdicts li { display: flex; gap: 0.8rem; margin-bottom: 0.2rem; }
.verdicts strong { flex: none; width: 5rem; }
.pass strong { color: var(--green); }
.fail strong { color: var(--vermilion); }
figure { margin: 0 0 1.75rem; min-width: 0; break-inside: avoid; }
figcaption { color: var(--faint); font-size: 0.88rem; max-width: 46rem; }
figcaption b { color: var(--ink); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0.5rem 2.5rem; align-items: start; margin-top: 1.25rem; }
.figures svg { display: block; width: 100%; max-width: 35rem; height: auto; margin-bottom: 0.4rem; overflow: visible; }
.scroll { overflow-x: auto; margin-top: 0.4rem; }
table { width: max-content; border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.28rem 0.7rem; text-align: left; vertical-align: top; max-width: 22rem; }
thead th { color: var(--faint); font-weight: 500; border-bottom: 1px solid var(--faint); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid color-mix(in srgb, var(--faint) 25%, transparent); }
tbody th { font-weight: 500; min-width: 9rem; }
th:first-child, td:first-child { padding-left: 0; }
.number { text-align: right; white-space: nowrap; }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.5rem; }
}
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { width: auto; font-size: 7.5pt; }
  th, td { padding: 0.1rem 0.3rem; }
  .number { white-space: normal; }
}
`
