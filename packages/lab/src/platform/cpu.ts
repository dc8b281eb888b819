/** Processor time that this thread has used, in milliseconds; where Node cannot tell, that of the whole process. */
export function threadCpuMs(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)()
  return (user + system) / 1000
}
