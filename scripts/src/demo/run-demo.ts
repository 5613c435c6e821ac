import { organismById } from '@wardlight/core/disinfection'
import type { UvMissionReport } from '@wardlight/core/fleet'
import type { SimulatedHospital } from '../simulated-hospital.ts'
import type { DemoResult } from './demo-result.ts'
import {
  armUntilReported,
  letEventsHappen,
  onDemoStage,
  plannedRequest,
  type DemoStage,
  type StageOptions,
} from './demo-stage.ts'

export interface DemoOptions extends StageOptions {
  readonly organism: string
  readonly log: number
}

/**
 * The main job without a browser: everything real and embedded, in one process and a temporary
 * folder that is gone afterwards. The simulated clock stands still whenever the robot waits for a
 * person or an order, so that how fast this machine answers changes nothing in the report.
 *
 * @throws WardError for a wrong option, plan or room, and when the mission gets stuck
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  organismById(options.organism)
  return onDemoStage(options, null, beTheNurse)
}

async function beTheNurse(stage: DemoStage<DemoOptions>): Promise<DemoResult> {
  const { options, nurse, hospital, level, room, progress, line, signal } = stage
  progress.say(`Requesting ${room.name} on ${level.name} against ${options.organism}, ${options.log} log …`)
  const { id: requestId } = await nurse.request({
    roomId: room.id,
    organismId: options.organism,
    targetLog: options.log,
    ...(options.unit === true ? { isByFixedUnit: true } : {}),
  })
  const planned = await plannedRequest(nurse, requestId, signal)
  const plannedS = planned.plannedS ?? 0
  const mission = await nurse.approve(requestId)
  // Another one after it was killed.
  const agentNow = () => hospital.agents.get(mission.robotId)!
  progress.say(
    `Approved: ${mission.robotId} goes, ${mission.stops.length} stops, ${Math.round(plannedS)} s planned`,
  )
  letEventsHappen(stage, mission)
  await armUntilReported(stage, mission, () => {
    const status = agentNow().missionStatus
    if (status !== null) progress.show(status, plannedS)
  })
  const report = await nurse.report(mission.id)
  const view = (await nurse.rooms()).find(({ id }) => id === room.id)
  return resultOf({
    report,
    missionId: mission.id,
    plannedS,
    hospital,
    roomState: view?.state ?? 'unknown',
    connectionsLost: line?.dropped ?? 0,
  })
}

function resultOf({
  report,
  missionId,
  plannedS,
  hospital,
  roomState,
  connectionsLost,
}: {
  readonly report: UvMissionReport
  readonly missionId: string
  readonly plannedS: number
  readonly hospital: SimulatedHospital
  readonly roomState: string
  readonly connectionsLost: number
}): DemoResult {
  const { dose, surfaces, doseMjPerCm2 } = report
  const latencyMs = hospital.world.truth.lampOffLatencyMs
  return {
    room: report.roomName,
    organism: dose.organismId,
    targetLog: dose.targetLog,
    plannedSeconds: round(plannedS),
    elapsedSeconds: round(dose.elapsedS),
    stops: dose.stops.length,
    surfaces: {
      total: surfaces.total,
      reached: surfaces.reached,
      missed: dose.missed.map(({ id, reason, explanation }) => ({ id, reason, explanation })),
    },
    doseMjPerCm2: { min: round(doseMjPerCm2.min), p5: round(doseMjPerCm2.p5), p50: round(doseMjPerCm2.p50) },
    lampOffLatencyMs: dose.interlocks.length === 0 ? null : Math.round(latencyMs ?? 0),
    interlocks: dose.interlocks.map(({ at, kind }) => ({ at: round(at), kind })),
    verdict: dose.verdict,
    roomState,
    connectionsLost,
    missionId,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
