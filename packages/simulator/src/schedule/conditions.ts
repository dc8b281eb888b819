/** The numbers of a world, and what they are where nothing is wrong. */
export const calmConditions = {
  replicas: 1,
  /** How long faults go on, in milliseconds. */
  chaosMs: 6_000,
  /** Longest ordinary delay of a frame, and longest delay of one that is held up. */
  delayMs: 20,
  stallMs: 1_000,
  /** Longest time that a step of a store, or of the log, takes. */
  storeDelayMs: 0,
  logDelayMs: 0,
  /** One entry in so many is refused by a rule; 0: none. */
  refuseOneIn: 0,
  /** 1: limits so small that frames, pages, rows and caches are often full. */
  tiny: 0,
  /** By how much at most the clocks of two processes of one machine are apart. */
  apartMs: 0,
  /** 1: a hostile client is there. */
  hostile: 0,
  /** 1: people also write what came later: an order, a greatest value, what is settled by hand, and their own part. */
  allFields: 0,
  /** 1: tasks are in the engine Automerge; 2: notes are; 3: both. What is not is in Yjs. */
  automerge: 0,
}
export type ConditionName = keyof typeof calmConditions
