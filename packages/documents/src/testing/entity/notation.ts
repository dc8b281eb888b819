import { lifeVerbs, orders } from './history.ts'
import type { Action, Command, History } from './history.ts'

/** A history in lines that a person can read and edit; `parseHistory` reads the same one back. */
export function printHistory({ clocks, dice, actions }: History): string {
  return [`clocks ${clocks.join(' ')}`, `dice ${dice}`, ...actions.map(printAction)].map((line) => `${line}\n`).join('')
}

function printAction(action: Action): string {
  return `${action.replica} ${wordsOf(action)}`
}

function wordsOf(action: Action): string {
  switch (action.kind) {
    case 'edit':
      return `${action.as === 'server' ? 'serve' : 'edit'} ${action.commands.map(printCommand).join(', ')}`
    case 'live':
      return action.verb
    case 'pull':
      return `pull ${action.order} ${action.share}`
    case 'restart':
      return `restart ${action.losing}`
    case 'refuse':
    case 'remake':
    case 'resolve':
      return `${action.kind} ${action.pick}`
    default:
      return action.kind
  }
}

const printCommand = ({ field, verb, a, b }: Command): string => `${field}.${verb} ${a} ${b}`

/** Throws a sentence with the line that is none. */
export function parseHistory(text: string): History {
  const lines = text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || [])
  const clocks = lines[0]?.match(/^clocks((?: -?\d+){2,5})$/)?.[1]
  const dice = lines[1]?.match(/^dice (\d+)$/)?.[1]
  if (clocks === undefined || dice === undefined)
    throw new Error('A history begins with a line of clocks and one of dice.')
  return {
    clocks: clocks.trim().split(' ').map(Number),
    dice: Number(dice),
    actions: lines.slice(2).map(parseAction),
  }
}

function parseAction(line: string): Action {
  const [, who = '', word = '', rest = ''] = /^(\d+) ([a-z]+) ?(.*)$/.exec(line) ?? []
  const replica = Number(who)
  const verb = lifeVerbs.find((one) => one === word)
  const [order = '', count = ''] = rest.split(' ')
  const which = orders.find((one) => one === order)
  if (verb !== undefined) return { replica, kind: 'live', verb }
  if (word === 'edit') return { replica, kind: 'edit', as: 'user', commands: rest.split(', ').map(parseCommand) }
  if (word === 'serve') return { replica, kind: 'edit', as: 'server', commands: rest.split(', ').map(parseCommand) }
  if (word === 'pull' && which !== undefined) return { replica, kind: 'pull', order: which, share: Number(count) }
  if (word === 'restart') return { replica, kind: 'restart', losing: Number(rest) }
  if (word === 'refuse' || word === 'remake' || word === 'resolve') return { replica, kind: word, pick: Number(rest) }
  if (word === 'save' || word === 'hydrate' || word === 'undo' || word === 'redo') return { replica, kind: word }
  throw new Error(`${JSON.stringify(line)} is no action.`)
}

function parseCommand(text: string): Command {
  const [, field, verb, a, b] = /^(\w+)\.(\w+) (\d+) (\d+)$/.exec(text) ?? []
  if (field === undefined || verb === undefined) throw new Error(`${JSON.stringify(text)} is no command.`)
  return { field, verb, a: Number(a), b: Number(b) }
}
