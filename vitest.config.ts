import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** What once broke a promise runs first. */
class RegressionsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLater = ({ moduleId }: TestSpecification): boolean => !moduleId.includes('test/simulation/schedules')
    return (await super.sort(files)).toSorted((a, b) => Number(isLater(a)) - Number(isLater(b)))
  }
}

const config: ViteUserConfig = defineConfig({
  test: {
    // Between packages, tests import what was built: the same files that are published.
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'benchmarks/src/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    // Sixty small files on two cores: 9.4 s in isolated forks, 6.9 s in isolated threads, 0.6 s in shared threads.
    // Nothing of ours keeps state in modules, so files of one thread may share them.
    pool: 'threads',
    // Unless told, Vitest leaves one core free: of two, half the time.
    maxWorkers: '100%',
    sequence: { sequencer: RegressionsFirst },
    isolate: false,
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

export default config
