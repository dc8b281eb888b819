import type { StrikeKind } from './faults.ts'
import type { ActKind } from './types.ts'

/** How likely a seed has it at all, and the range from which a seed that has it takes its rate. */
export interface Dial {
  readonly weight: number
  readonly low: number
  readonly high: number
}

/** Rates are probabilities at each moment. */
export const strikeDials: Readonly<Record<StrikeKind, Dial>> = {
  'drop': { weight: 1, low: 0.001, high: 0.02 },
  'swallow': { weight: 0.8, low: 0.001, high: 0.02 },
  'duplicate': { weight: 1, low: 0.01, high: 0.2 },
  'delay': { weight: 1, low: 0.001, high: 0.02 },
  'half-open': { weight: 0.6, low: 0.001, high: 0.01 },
  'cut': { weight: 1, low: 0.001, high: 0.03 },
  'flip': { weight: 0.6, low: 0.001, high: 0.01 },
  'answer-lost': { weight: 1, low: 0.01, high: 0.1 },
  'die-silently': { weight: 0.6, low: 0.1, high: 0.5 },
  'crash-before-store': { weight: 1, low: 0.001, high: 0.02 },
  'crash-after-store': { weight: 1, low: 0.001, high: 0.02 },
  'crash-receive': { weight: 0.6, low: 0.001, high: 0.02 },
  'crash-validate': { weight: 0.6, low: 0.001, high: 0.02 },
  'crash-begin': { weight: 0.6, low: 0.005, high: 0.05 },
  'crash-insert': { weight: 0.6, low: 0.005, high: 0.05 },
  'crash-sync': { weight: 0.6, low: 0.005, high: 0.05 },
  'crash-ack': { weight: 0.6, low: 0.005, high: 0.05 },
  'crash-broadcast': { weight: 0.6, low: 0.005, high: 0.05 },
  'crash-folding': { weight: 1, low: 0.02, high: 0.3 },
}

interface ActDial extends Dial {
  /** Whose it is: each replica's, the server's, the network's, the hostile user's. */
  readonly of: 'replica' | 'server' | 'net' | 'mallory'
  /** At one time, and not again. */
  readonly once?: boolean
}

const replica = (weight: number, low: number, high: number): ActDial => ({ of: 'replica', weight, low, high })
const server = (weight: number, low: number, high: number): ActDial => ({ of: 'server', weight, low, high })
const net = (weight: number, low: number, high: number): ActDial => ({ of: 'net', weight, low, high })

const hostile: ActDial = { of: 'mallory', weight: 3, low: 600, high: 6_000 }

/** Rates are mean times between two of them, in milliseconds; a fault that lasts draws its length itself. */
export const actDials: Readonly<Record<ActKind, ActDial>> = {
  'edit': replica(1, 80, 1_200),
  'write': replica(0.5, 1_000, 8_000),
  'look': replica(1, 500, 3_000),
  'move': replica(0.5, 1_000, 8_000),
  'repair': replica(0.5, 1_000, 8_000),
  'fold': server(0.5, 500, 6_000),
  'grade': server(0.5, 500, 4_000),
  'delete': replica(0.08, 1_000, 8_000),
  'settle': replica(0.7, 500, 3_000),

  'partition': replica(0.8, 4_000, 15_000),
  'split': net(0.6, 4_000, 15_000),
  'flap': replica(0.5, 5_000, 20_000),
  'slow-link': replica(0.6, 4_000, 20_000),
  'refuse': net(0.6, 4_000, 20_000),
  'clog': net(0.6, 4_000, 20_000),

  'disk-lie': replica(0.4, 5_000, 30_000),
  'store-full': replica(0.8, 3_000, 10_000),
  'store-error': replica(0.8, 3_000, 10_000),
  'store-gone': replica(0.5, 5_000, 20_000),
  'store-hang': replica(0.4, 5_000, 20_000),
  'evict': replica(0.3, 8_000, 40_000),
  'rot': replica(0.4, 4_000, 20_000),
  'rollback': replica(0.4, 5_000, 30_000),
  'clone': { of: 'replica', weight: 0.4, low: 2_000, high: 10_000, once: true },

  'kill': replica(1, 2_000, 15_000),
  'sleep': replica(0.5, 5_000, 20_000),
  'power-cut': replica(0.7, 3_000, 20_000),
  'hand-over': replica(0.8, 2_000, 12_000),
  'offline': replica(1, 2_000, 12_000),
  'away': { of: 'replica', weight: 0.6, low: 1_000, high: 5_000, once: true },

  'clock-jump': replica(0.5, 3_000, 12_000),
  'clock-back': replica(0.5, 3_000, 12_000),
  'clock-drift': replica(0.5, 3_000, 12_000),
  'clock-stuck': replica(0.4, 3_000, 12_000),
  'clock-broken': replica(0.3, 3_000, 12_000),

  'server-kill': server(1, 3_000, 15_000),
  'server-power-cut': server(0.6, 3_000, 15_000),
  'server-pause': server(0.4, 4_000, 20_000),
  'server-close': server(0.6, 3_000, 15_000),
  'replay': hostile,
  'forge': hostile,
  'equivocate': hostile,
  'deafen': hostile,
  'babble': hostile,
  'spoil': hostile,
  'reuse': hostile,
  'trespass': hostile,
  'foresee': hostile,
  'flood': hostile,
  'knock': hostile,

  'log-full': server(0.7, 3_000, 10_000),
  'log-error': server(0.7, 3_000, 10_000),
}
