import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['wardlight-source'] },
  ssr: { resolve: { conditions: ['wardlight-source'] } },
  test: {
    include: [
      '{core,robot-agent,fleet-server,console,sim,scripts}/src/**/*.test.{ts,tsx}',
      'test/**/*.test.ts',
    ],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make each other late.
    maxWorkers: 2,
  },
})
