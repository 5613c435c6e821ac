import fc from 'fast-check'
import { Box3, PerspectiveCamera, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { fittedCamera } from './fit-camera.ts'

describe('fitted camera', () => {
  it('sees every corner of the box, and the box fills the view', () => {
    const cases = fc.record({
      width: fc.double({ min: 2, max: 120, noNaN: true }),
      depth: fc.double({ min: 2, max: 120, noNaN: true }),
      height: fc.double({ min: 0.1, max: 3, noNaN: true }),
      tiltRad: fc.double({ min: 0, max: 1, noNaN: true }),
      turnRad: fc.double({ min: -3, max: 3, noNaN: true }),
      aspect: fc.double({ min: 0.4, max: 3, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ width, depth, height, tiltRad, turnRad, aspect }) => {
        const box = new Box3(new Vector3(10, -20, 0), new Vector3(10 + width, -20 + depth, height))
        const { position, target } = fittedCamera(box, { tiltRad: tiltRad + 0.01, turnRad }, 30, aspect)
        const camera = new PerspectiveCamera(30, aspect, 0.1, 1e5)
        camera.up.set(0, 0, 1)
        camera.position.copy(position)
        camera.lookAt(target)
        camera.updateMatrixWorld()
        let reach = 0
        for (const x of [box.min.x, box.max.x]) {
          for (const y of [box.min.y, box.max.y]) {
            for (const z of [box.min.z, box.max.z]) {
              const seen = new Vector3(x, y, z).project(camera)
              reach = Math.max(reach, Math.abs(seen.x), Math.abs(seen.y))
            }
          }
        }
        expect(reach).toBeLessThanOrEqual(1.1)
        expect(reach).toBeGreaterThan(0.7)
      }),
      { numRuns: 60 },
    )
  })
})
