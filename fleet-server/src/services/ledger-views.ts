import type { MissionView, RequestView, RoomView } from '@wardlight/core/fleet'
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
    dueAt: row.dueAt?.toISOString() ?? null,
    status: row.status,
    failure: row.failure,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    approvedBy: row.approvedBy,
    missionId: row.missionId,
    plannedS: row.plannedS,
  }
}

export function missionView(row: MissionRow): MissionView {
  return {
    id: row.id,
    requestId: row.requestId,
    roomId: row.roomId,
    robotId: row.robotId,
    organismId: row.organismId,
    targetLog: row.targetLog,
    phase: row.phase,
    phaseSince: row.phaseSince.toISOString(),
    ...row.progress,
    plannedS: row.plan.plannedS,
    verdict: row.verdict,
    orderedAt: row.orderedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    releasedBy: row.releasedBy,
    releasedAt: row.releasedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  }
}
