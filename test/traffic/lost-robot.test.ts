import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { openHospital } from './open-hospital.ts'

const WITHIN_M = 0.3

it('a robot that took another place for its own says so, is sent nowhere, and finds back where somebody sees it', async () => {
  const hospital = await openHospital(1)
  try {
    const { nurse } = hospital
    const robotId = (await nurse.robots())[0]!.id
    const handle = hospital.hospital.world.robots.get(robotId)!
    const seen = async () => (await nurse.robots())[0]!
    const isLost = async () => (await seen()).errors.some(({ type }) => type === 'LOCALIZATION_ERROR')
    const search = async (roomId: string, facesDoorId?: string) => {
      await nurse.searchPlace(robotId, { roomId, ...(facesDoorId === undefined ? {} : { facesDoorId }) })
      return until(async () => {
        const { placeSearch } = await seen()
        return placeSearch?.state === 'searching' ? null : placeSearch
      })
    }
    const mission = await hospital.send('I1')
    await hospital.arrived(mission)
    handle.loseItsPlace({ x: 2.5, y: -1.5, theta: 1.2 })
    await until(async () => ((await isLost()) ? true : null))
    await nurse.stop(mission.id)
    await until(async () => ((await seen()).missionId === null ? true : null))
    await expect(hospital.send('I1')).rejects.toThrow(/LOCALIZATION_ERROR/)

    // Where it is not it finds nothing, and stays lost.
    expect(await search('I1-bath')).toMatchObject({
      state: 'failed',
      problem: 'no place there fits what the lidar sees',
    })
    await expect(search('I1', 'nowhere')).rejects.toThrow(/has no door "nowhere"/)
    expect(await isLost()).toBe(true)
    expect(handle.roomId).toBe('I1')
    expect(await search('I1')).toMatchObject({ state: 'found' })
    await until(async () => ((await isLost()) ? null : true))
    const { estimatedPose, truePose } = handle
    expect(Math.hypot(estimatedPose.x - truePose.x, estimatedPose.y - truePose.y)).toBeLessThan(WITHIN_M)
    const again = await hospital.send('I1')
    await hospital.arrived(again)
    expect((await nurse.mission(again.id)).interlocks).toEqual([])
  } finally {
    await hospital.close()
  }
}, 300_000)
