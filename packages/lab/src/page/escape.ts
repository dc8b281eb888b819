const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What neither HTML nor XML lets through, written as an entity or not. */
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g

/** Text as text: in an element or in a quoted attribute of HTML and of SVG. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (char) => entities[char] ?? char)

/** With the character that stands for no character in place of what must not be in a document. */
export const printable = (text: string): string => text.toWellFormed().replace(unprintable, '\ufffd')
