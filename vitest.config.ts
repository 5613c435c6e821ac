import { defineConfig } from 'vitest/config'

/** People's fingers and a browser's frames are in real time: these run when nothing else does, one after the other. */
const browserTests = 'test/e2e/**/*.test.ts'

export default defineConfig({
  resolve: { conditions: ['wardlight-source'] },
  ssr: { resolve: { conditions: ['wardlight-source'] } },
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: [
            '{core,robot-agent,fleet-server,console,sim,scripts}/src/**/*.test.{ts,tsx}',
            'test/**/*.test.ts',
          ],
          exclude: [browserTests, '**/node_modules/**'],
          // Two cores: more workers only make each other late.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: [browserTests], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
