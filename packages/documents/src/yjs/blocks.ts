import { isKey } from '@rejoin/schema'
import * as Y from 'yjs'
import type { BlockNode, BlocksRoot, ElementNode, Json, TextNode } from '../engine.ts'
import { depthMax, shownJson } from '../content/json.ts'
import { runsOf } from './marks.ts'

/** How y-prosemirror tells marks of one type apart that may overlap: by a hash behind the name. */
const overlapping = /--[a-zA-Z0-9+/=]{8}$/

export class YjsBlocks implements BlocksRoot {
  readonly #fragment: Y.XmlFragment
  readonly #open: () => Y.Transaction

  constructor(doc: Y.Doc, name: string, open: () => Y.Transaction) {
    this.#fragment = doc.getXmlFragment(name)
    this.#open = open
  }

  get length(): number {
    return this.#fragment.length
  }

  nodes(max: number = Infinity): readonly BlockNode[] {
    return childrenOf(this.#fragment, { left: max }, 0)
  }

  clear(): void {
    this.#open()
    this.#fragment.delete(0, this.#fragment.length)
  }
}

/** How many more nodes and units of text are wanted. */
interface Budget {
  left: number
}

/** What is neither an element nor a text, or lies too deep, is left out. */
function childrenOf(parent: Y.XmlFragment, budget: Budget, depth: number): BlockNode[] {
  const nodes: BlockNode[] = []
  for (let item = parent._start; item !== null && budget.left > 0; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentType)) continue
    const { type } = item.content
    if (type instanceof Y.XmlText) for (const node of textNodesOf(type, budget)) nodes.push(node)
    else if (type instanceof Y.XmlElement) nodes.push(elementOf(type, budget, depth))
  }
  return nodes
}

function elementOf(element: Y.XmlElement, budget: Budget, depth: number): ElementNode {
  budget.left--
  const attrs = attrsOf(element)
  const content = depth + 1 < depthMax ? childrenOf(element, budget, depth + 1) : []
  return { type: element.nodeName, ...(attrs && { attrs }), ...(content.length > 0 && { content }) }
}

function attrsOf(element: Y.XmlElement): Record<string, Json> | undefined {
  const attrs: [string, Json][] = []
  for (const [key, item] of element._map) {
    const value = item.deleted ? undefined : shownJson(item.content.getContent().at(-1))
    if (isKey(key) && value !== undefined) attrs.push([key, value])
  }
  return attrs.length === 0 ? undefined : Object.fromEntries(attrs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function textNodesOf(text: Y.XmlText, budget: Budget): TextNode[] {
  return runsOf(text, budget.left).map((run) => {
    budget.left -= run.text.length
    const marks = Object.entries(run.marks).map(([name, attrs]) => markOf(name.replace(overlapping, ''), attrs))
    return { type: 'text', text: run.text, ...(marks.length > 0 && { marks }) }
  })
}

type Mark = NonNullable<TextNode['marks']>[number]

function markOf(type: string, attrs: Json): Mark {
  if (typeof attrs !== 'object' || attrs === null || isArray(attrs) || Object.keys(attrs).length === 0) return { type }
  return { type, attrs }
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)
