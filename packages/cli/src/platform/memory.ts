/** Resident memory of this process, workers included. */
export const residentBytes = (): number => process.memoryUsage().rss
