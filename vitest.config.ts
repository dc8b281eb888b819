import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    // Between packages, tests import what was built: the same files that are published.
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'benchmarks/src/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    // Sixty small files on two cores: 9.4 s in isolated forks, 6.9 s in isolated threads, 0.6 s in shared threads.
    // Nothing of ours keeps state in modules, so files of one thread may share them.
    pool: 'threads',
    isolate: false,
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

export default config
