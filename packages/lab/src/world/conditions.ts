/** The dials of a run. */
export interface Conditions {
  readonly name: string
  readonly devices: number
  /** How long people work, in all, in milliseconds of virtual time. */
  readonly durationMs: number
  /** How many edits each device makes in that time. */
  readonly edits: number
  /** How long a device is offline at a stretch, on average; 0: never. */
  readonly apartMs: number
  /** All devices meet at the same moments, so far apart, and edits fall evenly between: the case that can be computed. */
  readonly inRounds?: true
  /** How strongly people choose the same entities: the exponent of Zipf's law over them; 0: all alike. */
  readonly contention: number
  /** Clocks of devices are wrong by up to so much, either way. */
  readonly skewMs: number
  /** Of a frame, one way, on average. */
  readonly delayMs: number
  readonly bytesPerMs: number
}
