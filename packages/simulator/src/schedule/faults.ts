/**
 * What a world does to the system: the code that the catalogue of faults in `docs/testing.md` has for it, and what
 * happens. A fault of `strikes` comes at a moment that the harmed machine counts, one of `acts` at a time.
 */
const strikes = {
  'drop': ['N1', 'a frame is lost, and with it what follows on its connection'],
  'swallow': ['N1', 'a frame is lost alone, and its connection breaks only later'],
  'duplicate': ['N2', 'a frame arrives twice'],
  'delay': ['N4', 'a frame takes up to a minute'],
  'half-open': ['N5', 'a connection is dead and neither side is told'],
  'cut': ['N6', 'a connection breaks in the middle of a frame'],
  'flip': ['N11', 'a bit of a frame flips'],
  'answer-lost': ['N13', 'a proxy ends a connection after the server has committed and before its answer'],
  'die-silently': ['N5', 'a process dies with its machine: nobody says goodbye'],
  'crash-before-store': ['S1', 'a replica dies between two steps of a store transaction, before it counts'],
  'crash-after-store': ['S2', 'a replica dies when its store transaction counts, before it hears of it'],
  'crash-receive': ['V1', 'the server dies with a frame that it has just received'],
  'crash-validate': ['V1', 'the server dies while it judges an entry'],
  'crash-begin': ['V1', 'the server dies before a commit'],
  'crash-insert': ['V1', 'the server dies when a commit is written and not synced'],
  'crash-sync': ['V1', 'the server dies when a commit is synced, before it hears of it'],
  'crash-ack': ['V1', 'the server dies before it sends an ack'],
  'crash-broadcast': ['V1', 'the server dies between an ack and the frames for others'],
  'crash-folding': ['V10', 'the server dies between two steps of folding'],
} as const

const acts = {
  'partition': ['N7', 'a replica hears nothing, is not heard, or both'],
  'split': ['N8', 'several replicas are cut off from the server'],
  'flap': ['N9', 'connections break again and again'],
  'slow-link': ['N10', 'a link carries a kilobyte a second'],
  'refuse': ['N17', 'no connection is accepted'],
  'clog': ['N19', 'links are clogged one after the other, and opened in another order'],
  'disk-lie': ['S3', 'a disk says that it has synced, has not, and loses its power'],
  'store-full': ['S4', 'a store refuses what would make it larger'],
  'store-error': ['S5', 'calls of a store fail for a while'],
  'store-gone': ['S6', 'a store fails until its process is started again'],
  'store-hang': ['S7', 'a call of a store never comes back'],
  'evict': ['S9', 'a replica finds its store empty'],
  'rot': ['S11', 'a row is read with a bit flipped'],
  'rollback': ['S12', 'a replica is set back to an older copy of its store'],
  'clone': ['S12', 'a second replica begins with a copy of the store of one that goes on'],
  'kill': ['P1', 'a replica dies'],
  'sleep': ['P8', 'a machine sleeps; then everything that was due happens at once'],
  'power-cut': ['D1', 'a machine loses its power: what was not synced is lost, torn or reordered'],
  'hand-over': ['P3', 'another process takes over a store; a third is refused'],
  'offline': ['–', 'a person goes offline and comes back'],
  'away': ['–', 'a replica goes away early and comes back when all is over'],
  'clock-jump': ['K1', 'a clock jumps by up to ten years'],
  'clock-back': ['K2', 'a clock is put back by an hour'],
  'clock-drift': ['K3', 'a clock runs a tenth too fast or too slow'],
  'clock-stuck': ['K4', 'a clock stands still'],
  'clock-broken': ['K6', 'a clock says 1970, or no number at all'],
  'server-kill': ['V1', 'the server dies'],
  'server-power-cut': ['D1', 'the server loses its power'],
  'server-pause': ['V2', 'the server stands still, and goes on as if nothing had been'],
  'server-close': ['V9', 'the server is shut down in order, and started again'],
  'replay': ['H1', 'a hostile user says old frames again, its own and those of others'],
  'forge': ['H2', 'a hostile user claims writers and CRDT client ids of others'],
  'equivocate': ['H4', 'a hostile user writes two contents under one client id and clock'],
  'deafen': ['H5', 'a hostile user asks and does not read'],
  'babble': ['H6', 'a hostile user sends frames that are none'],
  'spoil': ['H9', 'a hostile user writes bytes that no engine takes in, or only with trouble'],
  'reuse': ['H10', 'a hostile user sends an entry id again, with other bytes'],
  'trespass': ['H11', 'a hostile user asks for everything where it has no right'],
  'foresee': ['H12', 'a hostile user has cursors and numbers from the future'],
  'flood': ['H15', 'a hostile user sends very many tiny entries and streams'],
  'knock': ['H16', 'a hostile user leaves handshakes half done'],
  'log-full': ['V7', 'the disk of the log is full'],
  'log-error': ['S14', 'calls of the log fail for a while'],
} as const

/** What a world counts and does not plan: it comes of the rest. */
const consequences = {
  'reorder': ['N3', 'a frame of an earlier connection arrives after the next one began'],
  'store-delay': ['–', 'a step of a store takes its time'],
  'log-delay': ['–', 'a step of the log takes its time'],
  'clock-apart': ['K5', 'a process has another clock than the one before it on its machine'],
  'clock-parted': ['K8', 'a machine woke up with its two clocks apart'],
  'refused': ['N17', 'a connection was refused'],
  'refusal': ['–', 'a rule refused an entry'],
  'remade': ['–', 'an edit that was taken with a refusal was made again'],
  'retried': ['–', 'somebody had an edit in quarantine made again'],
  'fold': ['–', 'documents were folded'],
  'join': ['–', 'somebody joined a space'],
  'leave': ['–', 'somebody left a space'],
  'widen': ['–', 'somebody wanted more of a space'],
  'deleted': ['–', 'somebody deleted an entity'],
  'undeleted': ['–', 'somebody took back a deletion'],
  'settled': ['–', 'somebody settled a conflict'],
} as const

export type StrikeKind = keyof typeof strikes
export type FaultAct = keyof typeof acts
export type FaultKind = StrikeKind | FaultAct | keyof typeof consequences

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(table) as K[]

export const strikeKinds: readonly StrikeKind[] = keysOf(strikes)
export const faultActs: readonly FaultAct[] = keysOf(acts)
export const faultTable: Readonly<Record<FaultKind, readonly [code: string, words: string]>> = {
  ...strikes,
  ...acts,
  ...consequences,
}
export const faultKinds: readonly FaultKind[] = keysOf(faultTable)
