import { plannedSOf, unitOf, type MissionView, type RequestView, type RoomView } from '@wardlight/core/fleet'
import {
  approvalRule,
  dueItems,
  protocolRef,
  releaseRule,
  waitBeforeReleaseS,
} from '../domain/protocol-rules.ts'
import type { MissionRow, RequestRow, RoomRow } from '../store/schema.ts'
import type { PlacedRoom } from './floor-index.ts'

export function roomView({ level, room }: PlacedRoom, row: RoomRow): RoomView {
  return {
    id: room.id,
    name: row.name ?? room.name,
    levelId: level.id,
    kind: room.kind,
    ward: room.ward,
    state: row.state,
    since: row.since.toISOString(),
    reason: row.reason,
    requestId: row.requestId,
    missionId: row.missionId,
  }
}

export function requestView(row: RequestRow): RequestView {
  return {
    id: row.id,
    roomId: row.roomId,
    organismId: row.organismId,
    targetLog: row.targetLog,
    targetMjPerCm2: row.targetMjPerCm2,
    protocol: protocolRef(row.protocol),
    dueConfirmations: dueItems(row.protocol, 'approval'),
    confirmations: [...row.confirmations],
    approvals: [...row.approvals],
    approvalsNeeded: approvalRule(row.protocol).people,
    approvalRoles: [...approvalRule(row.protocol).roles],
    roomReady: row.roomReady,
    dueAt: row.dueAt?.toISOString() ?? null,
    wish: row.wish,
    status: row.status,
    failure: row.failure,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    approvedBy: row.approvedBy,
    steps: row.steps.map(({ id, method, plan, missionId }) => ({
      id,
      method,
      plannedS: plan === null ? null : plannedSOf(plan),
      unitId: plan === null ? null : unitOf(plan),
      missionId,
    })),
    missionId: row.missionId,
    plannedS: row.plannedS,
  }
}

export function missionView(row: MissionRow): MissionView {
  return {
    id: row.id,
    requestId: row.requestId,
    method: row.method,
    stepNumber: row.stepNumber,
    stepCount: row.stepCount,
    roomId: row.roomId,
    robotId: row.robotId,
    organismId: row.organismId,
    targetLog: row.targetLog,
    protocol: protocolRef(row.protocol),
    phase: row.phase,
    phaseSince: row.phaseSince.toISOString(),
    ...row.progress,
    // Nobody goes in until it is known that nobody need fear to.
    gas: row.progress.gas === null ? null : { ...row.progress.gas, isGassed: row.mayBeGassed },
    plannedS: plannedSOf(row.plan),
    verdict: row.verdict,
    orderedAt: row.orderedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    dueConfirmations: dueItems(row.protocol, 'release'),
    confirmations: [...row.confirmations],
    signatures: [...row.signatures],
    signaturesNeeded: releaseRule(row.protocol).people,
    signatureRoles: [...releaseRule(row.protocol).roles],
    signableFrom: signableFrom(row)?.toISOString() ?? null,
    handMeasurement: row.handMeasurement,
    releasedBy: row.releasedBy,
    releasedAt: row.releasedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** When the wait of its protocol after the robot is over; `null` where there is none, or it has not begun. */
export function signableFrom({
  protocol,
  finishedAt,
}: Pick<MissionRow, 'protocol' | 'finishedAt'>): Date | null {
  const waitS = protocol === null ? 0 : waitBeforeReleaseS(protocol)
  return waitS === 0 || finishedAt === null ? null : new Date(finishedAt.getTime() + 1000 * waitS)
}
