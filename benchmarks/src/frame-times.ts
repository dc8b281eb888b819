import { quantile } from './statistics.ts'

/** A text that came by frames. */
export interface Taken {
  /** By frame, in milliseconds. */
  readonly times: Float64Array
  read(): string
}

export function timesOf<Frame>(frames: readonly Frame[], take: (frame: Frame) => void): Float64Array {
  const times = new Float64Array(frames.length)
  for (const [index, frame] of frames.entries()) {
    const start = performance.now()
    take(frame)
    times[index] = performance.now() - start
  }
  return times
}

/** As `timesOf`, of frames that are taken later. */
export async function awaitedTimesOf<Frame>(
  frames: readonly Frame[],
  take: (frame: Frame) => Promise<void>,
): Promise<Float64Array> {
  const times = new Float64Array(frames.length)
  for (const [index, frame] of frames.entries()) {
    const start = performance.now()
    await take(frame)
    times[index] = performance.now() - start
  }
  return times
}

/** Of the last run: of a hundred frames all but one take no longer. */
export const p99OfFrames = (taken: unknown): Record<string, number> => ({
  'µs p99 a frame': 1000 * quantile([...(taken as Taken).times], 0.99),
})
