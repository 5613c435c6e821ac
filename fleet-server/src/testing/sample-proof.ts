import {
  DEFAULT_LAMP,
  organismById,
  peroxidePlanInputOf,
  planTreatment,
  proposePeroxideCycle,
  surfacesOf,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import {
  PROOF_FORMAT,
  type GasMissionReport,
  type Proof,
  type ProofReport,
  type UvMissionReport,
} from '@wardlight/core/fleet'
import type { Order } from '@wardlight/core/vda5050'
import { uvMissionReport } from '../domain/mission-report.ts'
import { planningInput } from '../services/requests.ts'
import { doseReportFor, peroxideReportFor } from './scripted-robot.ts'
import { smallPlan } from './small-plan.ts'

const AT = '2026-01-05T03:10:00.000Z'

const known = {
  missionId: 'mission-1',
  roomId: 'room-1',
  roomName: 'Isolation 1 (Łódź)',
  levelId: 'L1',
  verdict: 'proven',
  problem: null,
  outcome: 'Dose proven',
  orderedAt: '2026-01-05T02:50:00.000Z',
  endedAt: AT,
  stoppedBy: null,
  stepNumber: 0,
  requestedBy: 'Nora Nurse',
  requestedAt: '2026-01-05T02:40:00.000Z',
  approvedBy: 'Nora Nurse',
  protocol: null,
  confirmations: [],
  approvals: [{ by: 'Nora Nurse', userId: 'u1', role: 'nurse', at: '2026-01-05T02:45:00.000Z', note: null }],
  signatures: [],
  signaturesNeeded: 1,
  handMeasurement: null,
  missedSurfacesWiped: null,
  claim: 'Every promised surface received at least its target.',
  validationId: null,
  releasedBy: null,
  releasedAt: null,
  releaseNote: null,
  robot: { id: 'wardlight.uv-01', batteryHealth: 0.93, drivenM: 83_210 },
  evidence: { sha256: 'e'.repeat(64), receivedAt: AT },
  softwareVersion: '0.0.0-test',
} satisfies Partial<ProofReport>

/** A whole proof of a room of the small plan, as a server issues it. */
export function sampleProof(report: ProofReport = sampleUvReport()): Proof {
  return {
    format: PROOF_FORMAT,
    hospital: 'Small hospital',
    sequence: 7,
    previousSha256: 'ab'.repeat(32),
    issuedAt: AT,
    missionId: report.missionId,
    kind: 'ended',
    timeZone: 'Europe/Berlin',
    report,
  }
}

export function sampleUvReport(): UvMissionReport {
  const { level, room } = placedRoom()
  const plan = planTreatment(
    planningInput({ level, room }, DEFAULT_LAMP, { organismId: 'sars-cov-2', targetLog: 3 }),
  )
  const dose = doseReportFor(orderOf('startUvDose', plan), known.robot.id)
  dose.interlocks.push({ at: 63.2, kind: 'door.opened', detail: 'the door of the bath', wasLit: true })
  dose.arming = [
    { at: 10, step: 'checklistConfirmed', by: 'Nora Nurse' },
    { at: 20, step: 'buttonPressed', by: null },
    { at: 30, step: 'started', by: 'Nora Nurse' },
  ]
  const surfaces = surfacesOf(plan.room, plan.surfaceSizeM)
  for (const [index, { id, label }] of surfaces.slice(0, 3).entries()) {
    dose.deliveredMjPerCm2[index] = 0.5
    dose.missed.push({
      id,
      label,
      reason: 'shadowed',
      explanation: 'in the shadow of the trolley',
      remedy: null,
    })
  }
  const { name } = organismById('sars-cov-2')
  return uvMissionReport(dose, plan, surfaces, surfaces, {
    ...known,
    steps: [{ method: 'uv', missionId: known.missionId, verdict: 'proven' }],
    organismName: name,
    logReduction: { cautious: 3, likely: 4.2, favourable: null },
  })
}

export function sampleGasReport(): GasMissionReport {
  const { level, room } = placedRoom()
  const aired = { ...room, airChangesPerHour: 6 }
  const { cycle: plan, prediction } = proposePeroxideCycle(peroxidePlanInputOf(level, aired, 'hpv', true))
  return {
    method: 'hpv',
    ...known,
    steps: [{ method: 'hpv', missionId: known.missionId, verdict: 'proven' }],
    cycle: peroxideReportFor(orderOf('startPeroxideCycle', plan), known.robot.id),
    neighbours: plan.neighbours.map((neighbour) => ({ ...neighbour })),
    solutionMl: plan.solutionMl,
    prediction: structuredClone(prediction) as GasMissionReport['prediction'],
    samples: Array.from({ length: 60 }, (_, minute) => ({
      at: new Date(Date.parse('2026-01-05T03:01:40.000Z') + 60_000 * minute).toISOString(),
      insidePpm: minute === 30 ? null : 480 * Math.exp(-(((minute - 25) / 15) ** 2)),
      lowestPpm: 450 * Math.exp(-(((minute - 25) / 15) ** 2)),
      outsidePpm: 0.2,
    })),
  }
}

function placedRoom() {
  const level = smallPlan().levels[0]!
  return { level, room: level.rooms.find(({ id }) => id === known.roomId)! }
}

function orderOf(actionType: string, plan: TreatmentPlan | object): Order {
  const action = { actionType, actionParameters: [{ key: 'plan', value: plan }] }
  return { orderId: known.missionId, nodes: [{ actions: [action] }] } as unknown as Order
}
