/** Numbers for names, one sequence for the whole server: so one encoded frame serves every connection. */
export class SlotNumbers {
  #documents = 0
  #writers = 0
  #streams = 0

  nextDocument(): number {
    return this.#documents++
  }

  nextWriter(): number {
    return this.#writers++
  }

  nextStream(): number {
    return this.#streams++
  }
}
