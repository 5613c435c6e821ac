import { SimulatedClock } from '@wardlight/core/clock'
import { organismById } from '@wardlight/core/disinfection'
import type { RequestView } from '@wardlight/core/fleet'
import { readFloorPlan, type FloorPlan } from '@wardlight/core/floor'
import { startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { STEP_MS } from '@wardlight/sim'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { createLog, undoAll, untilAskedToEnd } from '../process-life.ts'
import { SimulatedBuilding } from '../simulated-building.ts'
import {
  createSimulatedHospital,
  placeRobots,
  simulatedServerOptions,
  type SimulatedHospital,
} from '../simulated-hospital.ts'
import { FleetWatch } from './fleet-watch.ts'
import { NightNurse } from './night-nurse.ts'
import type { NightResult, NightRoom } from './night-result.ts'
import { nightRooms } from './night-rooms.ts'
import { NurseClient } from './nurse-client.ts'
import { Progress } from './progress.ts'
import { until } from './until.ts'

export interface NightOptions {
  readonly map?: string | undefined
  readonly level?: string | undefined
  /** `all`, or names with commas between. */
  readonly rooms: string
  readonly robots: number
  readonly seed: number
  readonly organism: string
  readonly log: number
  readonly rearm?: number | undefined
}

/** 22:00 of a winter's night. */
const EVENING_MS = Date.parse('2026-01-05T22:00:00Z')
/** What robots and server have to say to one another is said in between: time does not run away from messages. */
const SLICE_MS = 200
/** People look so often, simulated. */
const NURSE_MS = 1000
/** A message over a local socket is read in the next turn of the event loop; broker and parsers take some more. */
const TURNS = 40
/** A state, what the server makes of it, an order, and the state that follows on that. */
const ROUNDS = 3
/** No night is longer, simulated. */
const LONGEST_MS = 24 * 3600_000
/**
 * A night's programme: every room is requested, robots go where the schedule has them, over lifts where they must, the
 * nurse arms each and signs, and each room ends proven or with the reason why not. Server, broker, database and robots
 * are real, on one simulated clock that stands still while anybody has something to say.
 */
export async function runNightDemo(options: NightOptions): Promise<NightResult> {
  organismById(options.organism)
  const progress = new Progress(process.stderr)
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const wanted = nightRooms(plan, options)
  const log = createLog()
  const abort = new AbortController()
  void untilAskedToEnd().then((signal) => abort.abort(signal))
  const clock = new SimulatedClock(EVENING_MS)
  const building = new SimulatedBuilding(plan)
  const undo: (() => Promise<unknown>)[] = []
  try {
    progress.say(`Starting server, broker and database for ${plan.name} …`)
    const server = await startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir: null,
      building,
      clock,
      log: log.child({ part: 'server' }),
    })
    undo.push(() => server.stop())
    const robots = await placeRobots(server, plan.levels, spread(options.robots, plan.levels.length))
    const hospital = createSimulatedHospital({ plan, seed: options.seed, clock, robots, log })
    undo.push(() => hospital.stop())
    building.attach(hospital.world)
    await hospital.start()
    const watch = new FleetWatch(hospital.world)

    const client = await NurseClient.ofDemo(server.url)
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += SLICE_MS) {
        for (let step = 0; step < SLICE_MS; step += STEP_MS) clock.advance(STEP_MS)
        watch.look()
        await heard(server)
      }
    }
    await until(abort.signal, 'the robots reach the server', async () => {
      await pass(NURSE_MS)
      const views = await client.robots()
      const areThere = views.every(
        ({ position, batteryFraction }) => position !== null && batteryFraction !== null,
      )
      return views.length === robots.length && areThere ? true : null
    })

    const { treated, left } = wanted
    progress.say(`Requesting ${treated.length} rooms against ${options.organism}, ${options.log} log …`)
    const requests = new Map<string, RequestView>()
    for (const { room } of treated) {
      const { id } = await client.request({
        roomId: room.id,
        organismId: options.organism,
        targetLog: options.log,
      })
      // One after the other: planning takes all of the machine anyway.
      const planned = await until(abort.signal, `${room.name} is planned`, async () => {
        const view = await client.requestById(id)
        return view.status === 'planning' ? null : view
      })
      requests.set(room.id, planned)
      progress.say(`${room.name}: ${planned.failure ?? `${Math.round((planned.plannedS ?? 0) / 60)} min`}`)
    }
    const nurse = new NightNurse({
      client,
      world: hospital.world,
      requests: [...requests.values()].filter(({ status }) => status === 'planned'),
      rearm: options.rearm ?? 1,
      nowMs: () => clock.monotonicMs(),
      say: (words) => progress.say(words),
    })
    while (!nurse.isDone && clock.monotonicMs() < LONGEST_MS && !abort.signal.aborted) {
      await pass(NURSE_MS)
      await nurse.look()
    }
    await nurse.endOfNight()
    const rooms = [
      ...treated.map((found): NightRoom => nurse.resultOf(found, requests.get(found.room.id)!)),
      ...left,
    ]
    return resultOf(plan, options, rooms, nurse.elapsedMs, watch, hospital)
  } finally {
    await undoAll(undo, log)
  }
}

/** Lets what is on its way over sockets arrive, and what follows from it, until nothing more does. */
async function heard(server: FleetServer): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await server.settled()
  }
}

/** So many on each level, the first ones having one more. */
function spread(robots: number, levels: number): number[] {
  return Array.from({ length: levels }, (_, index) => Math.floor((robots + levels - 1 - index) / levels))
}

function resultOf(
  plan: FloorPlan,
  { organism, log, robots }: NightOptions,
  rooms: readonly NightRoom[],
  elapsedMs: number,
  watch: FleetWatch,
  { world }: SimulatedHospital,
): NightResult {
  const proven = rooms.filter(({ verdict }) => verdict === 'proven').length
  const unexplained = rooms.filter(({ verdict, reason }) => verdict !== 'proven' && reason === null).length
  return {
    map: plan.name,
    organism,
    targetLog: log,
    robots,
    rooms,
    proven,
    explained: rooms.length - proven - unexplained,
    unexplained,
    elapsedSeconds: Math.round(elapsedMs / 1000),
    liftRides: watch.rides,
    nearestM: Number.isFinite(watch.nearestM) ? Math.round(100 * watch.nearestM) / 100 : null,
    lampOffLatencyMs: world.truth.lampOffLatencyMs,
    verdict: unexplained === 0 ? 'complete' : 'incomplete',
  }
}
