import { createSystemClock } from '@wardlight/core/clock'
import { readFloorPlan, roomStandingPose, type FloorPlan } from '@wardlight/core/floor'
import { startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { NurseClient } from '../../demo/nurse-client.ts'
import { nodePlanFiles } from '../../node-plan-files.ts'
import { sampleHospital } from '../../paths.ts'
import { createLog } from '../../process-life.ts'
import { ROBOT_CLEARANCE_M, simulatedServerOptions } from '../../simulated-hospital.ts'
import { crowdAddress } from './crowd-robot.ts'
import { servePart, spentUs } from './part.ts'

/** The whole server with its broker and database, for robots that stand about in the sample hospital. */
let server: FleetServer | null = null

/** In every room one. */
function placesOf({ levels }: FloorPlan) {
  return levels.flatMap((level) =>
    level.rooms.map((room) => ({ ...roomStandingPose(level, room, ROBOT_CLEARANCE_M), levelId: level.id })),
  )
}

export const SERVER_END = {
  async start(robots: number) {
    const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
    server = await startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir: null,
      clock: createSystemClock(globalThis),
      log: createLog(),
    })
    const passwords: string[] = []
    for (let index = 0; index < robots; index += 1) {
      passwords.push((await server.registerRobot(crowdAddress(index))).password)
    }
    const { cookie } = await NurseClient.ofDemo(server.url)
    return {
      url: server.url,
      mqttUrl: server.mqttUrl,
      passwords,
      places: placesOf(plan),
      cookie,
    }
  },
  spent: () => ({ us: spentUs() }),
}
export type ServerEnd = typeof SERVER_END

if (process.send !== undefined) servePart(SERVER_END)
