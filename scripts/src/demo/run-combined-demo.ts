import { confirmationsDue } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import {
  combinedVerdictOf,
  type CombinedVerdict,
  type GivenConfirmation,
  type MissionView,
  type RecipeStep,
} from '@wardlight/core/fleet'
import {
  armUntilReported,
  letEventsHappen,
  onDemoStage,
  plannedRequest,
  type DemoStage,
  type StageOptions,
} from './demo-stage.ts'
import { prepareForGas } from './events.ts'
import { until } from './until.ts'

/** What `wardlight demo --method combined --json` prints. */
export interface CombinedDemoResult extends CombinedVerdict {
  readonly room: string
  readonly protocol: string
  readonly roomState: string
  /** Lines between robots and broker that `--network-lost` cut. */
  readonly connectionsLost: number
}

/** Light, and then vapour. */
const PROTOCOL_ID = 'terminal-c-difficile-uv-hpv'

/**
 * A protocol of two treatments, through the fleet server: light, and when that is proven peroxide vapour, each armed by a
 * nurse. Events count from the first light.
 *
 * @throws WardError for a wrong option, plan or room, and when a mission gets stuck
 */
export function runCombinedDemo(options: StageOptions): Promise<CombinedDemoResult> {
  return onDemoStage(options, 'hpv', followProtocol)
}

async function followProtocol(stage: DemoStage<StageOptions>): Promise<CombinedDemoResult> {
  const { nurse, level, room, progress, signal, line } = stage
  const protocol = (await nurse.protocols()).find(({ id, isCurrent }) => id === PROTOCOL_ID && isCurrent)
  if (protocol === undefined) throw wardError('WARD_ERR_NOT_FOUND', { what: `no protocol ${PROTOCOL_ID}` })
  progress.say(`Requesting ${room.name} on ${level.name} by "${protocol.name}" …`)
  const { id: requestId } = await nurse.request({ roomId: room.id, protocolId: protocol.id })
  await plannedRequest(nurse, requestId, signal)
  const confirmations = confirmationsDue(protocol, 'approval').map(({ id, needsName }): GivenConfirmation =>
    needsName ? { itemId: id, doneBy: 'Cleaning team', product: 'Sporicidal product' } : { itemId: id },
  )
  const first = await nurse.approve(requestId, confirmations)
  letEventsHappen(stage, first)
  const steps: RecipeStep[] = []
  for (let mission: MissionView | null = first; mission !== null;) {
    const { method, stepNumber, stepCount } = mission
    progress.say(`Step ${stepNumber + 1} of ${stepCount}: ${method}, by ${mission.robotId}`)
    if (method !== 'uv') prepareForGas(stage.hospital.world, level, room)
    steps.push(await stepDone(stage, mission))
    mission = await nextStep(stage, requestId, mission)
  }
  const { steps: ordered } = await nurse.requestById(requestId)
  for (const { method, id } of ordered.slice(steps.length))
    steps.push({ method, missionId: id, report: null })
  const view = (await nurse.rooms()).find(({ id }) => id === room.id)
  return {
    room: room.name,
    protocol: protocol.id,
    roomState: view?.state ?? 'unknown',
    connectionsLost: line?.dropped ?? 0,
    ...combinedVerdictOf(steps),
  }
}

async function stepDone(stage: DemoStage<StageOptions>, mission: MissionView): Promise<RecipeStep> {
  const { nurse, progress } = stage
  let lastPhase = ''
  await armUntilReported(stage, mission, ({ phase }) => {
    if (phase !== lastPhase) progress.say(`· ${phase}`)
    lastPhase = phase
  })
  const report = await nurse.missionReport(mission.id)
  return report.method === 'uv'
    ? { method: 'uv', missionId: mission.id, report: report.dose }
    : { method: report.method, missionId: mission.id, report: report.cycle }
}

/** The mission of the step after this one; `null` where the protocol ends, with this step or by its result. */
async function nextStep(
  { nurse, signal }: DemoStage<StageOptions>,
  requestId: string,
  { id, stepNumber, stepCount }: MissionView,
): Promise<MissionView | null> {
  const { verdict } = await nurse.mission(id)
  if (verdict !== 'proven' || stepNumber + 1 === stepCount) return null
  const missionId = await until(signal, 'the next step is ordered', async () => {
    const { steps } = await nurse.requestById(requestId)
    return steps[stepNumber + 1]!.missionId
  })
  return nurse.mission(missionId)
}
