import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import { ROBOT_ACTION_TYPES, type Approval, type ReleaseSignature, type User } from '@wardlight/core/fleet'
import type { ActionParameter } from '@wardlight/core/vda5050'
import { checkChecklist, checkStart } from '../domain/arming.ts'
import {
  approvalRule,
  checkRole,
  dueItems,
  releaseRule,
  withConfirmations,
  withSignature,
} from '../domain/protocol-rules.ts'
import { nextRoomCondition, stillToSign } from '../domain/room-status.ts'
import { robotOffline } from '../robots/commands.ts'
import type { MissionRow, RequestRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import { missionView, signableFrom } from './ledger-views.ts'
import type { MissionOrders } from './mission-orders.ts'
import { missedSurfaces } from './mission-reports.ts'
import { RETURN_WITHIN_MS } from './returns.ts'

/** What people do with missions: approve, arm, pause, stop, release. */
export class Missions {
  readonly #fleet: Fleet
  readonly #orders: MissionOrders

  constructor(fleet: Fleet, orders: MissionOrders) {
    this.#fleet = fleet
    this.#orders = orders
  }

  /**
   * Takes a person's approval, with what its protocol wants confirmed before the robot comes. The last one of the
   * protocol's people makes the mission, once: approving again gives the same one. Mission and order are stored before
   * anything is published.
   *
   * @returns the request while more people must approve
   * @throws WARD_ERR_FORBIDDEN, WARD_ERR_VALIDATION for what is not confirmed, WARD_ERR_NO_ROBOT, WARD_ERR_CONFLICT
   */
  async approve(
    requestId: string,
    approval: Approval,
    user: User,
  ): Promise<{ mission: MissionRow } | { request: RequestRow }> {
    const { ledger } = this.#fleet
    await ledger.request(requestId)
    const mission = await ledger.change((change) => {
      const request = ledger.requestAtHand(requestId)
      const rule = approvalRule(request.protocol)
      checkRole(rule, user, 'approve this plan')
      if (request.status === 'approved') return ledger.mission(request.steps[0]!.missionId!)
      if (request.status !== 'planned') {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The request is ${request.status}, not planned`,
          where: 'requestId',
          remedy: request.status === 'planning' ? 'Wait for its plan.' : 'Make a new request.',
        })
      }
      if (request.roomReady !== null && request.roomReady.by === null) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'A patient was discharged from this room, and nobody has said that it is empty and stripped',
          where: 'requestId',
          remedy: 'Look into the room, then confirm it.',
        })
      }
      const isBusy = ledger.runningInRoom(request.roomId) !== undefined
      const condition = nextRoomCondition(ledger.room(request.roomId).state, isBusy, {
        type: 'mission.approved',
      })
      const now = ledger.now()
      const confirmations = withConfirmations(
        dueItems(request.protocol, 'approval'),
        request.confirmations,
        approval.confirmations ?? [],
        user,
        now,
      )
      const approvals = withSignature(request.approvals, user, now, null)
      if (approvals.length < rule.people) {
        change.patchRequest(requestId, { confirmations, approvals })
        return null
      }
      const row = this.#orders.addMission(change, request, 0, now)
      change.patchRequest(requestId, {
        confirmations,
        approvals,
        status: 'approved',
        approvedBy: user.displayName,
        approvedAt: now,
      })
      change.patchRoom(request.roomId, { ...condition, since: now, missionId: row.id })
      return row
    })
    if (mission === null) return { request: ledger.requestAtHand(requestId) }
    await this.#orders.dispatch(mission)
    return { mission }
  }

  /** Step 1 of arming. @throws WARD_ERR_ARMING_ORDER, WARD_ERR_ROBOT_OFFLINE */
  async confirmChecklist(missionId: string, items: readonly string[], user: User): Promise<void> {
    const mission = await this.#running(missionId)
    checkChecklist(missionView(mission), items)
    await this.#instruct(mission, ROBOT_ACTION_TYPES.confirmChecklist, [
      { key: 'missionId', value: missionId },
      { key: 'confirmedBy', value: user.displayName },
      { key: 'items', value: [...items] },
    ])
  }

  /** Step 3 of arming; step 2 is the button on the robot. @throws WARD_ERR_ARMING_ORDER, WARD_ERR_ROBOT_OFFLINE */
  async start(missionId: string, user: User): Promise<void> {
    const mission = await this.#running(missionId)
    checkStart(missionView(mission))
    await this.#expectGas(mission)
    await this.#instruct(mission, ROBOT_ACTION_TYPES.startTreatment, [
      { key: 'missionId', value: missionId },
      { key: 'startedBy', value: user.displayName },
    ])
  }

  /** Before the start goes out: whatever becomes of the line afterwards, the room counts as gassed. */
  async #expectGas({ id, method }: MissionRow): Promise<void> {
    if (method === 'uv') return
    const { ledger } = this.#fleet
    await ledger.change((change) => {
      const { roomId, finishedAt } = ledger.missionAtHand(id)
      if (finishedAt !== null) return
      change.patchMission(id, { mayBeGassed: true })
      change.patchRoom(roomId, {
        ...nextRoomCondition(ledger.room(roomId).state, true, {
          type: 'mission.gassed',
          mustEvacuate: false,
        }),
        since: ledger.now(),
      })
    })
  }

  async pause(missionId: string): Promise<void> {
    await this.#instruct(await this.#running(missionId), ROBOT_ACTION_TYPES.startPause)
  }

  async resume(missionId: string): Promise<void> {
    await this.#instruct(await this.#running(missionId), ROBOT_ACTION_TYPES.stopPause)
  }

  /**
   * Ends a mission. The wish is stored first and repeated until the robot has ended it; a mission whose order
   * no robot has taken ends at once.
   *
   * @throws WARD_ERR_ROBOT_OFFLINE when the robot may be at work out of reach
   */
  async stop(missionId: string, user: User): Promise<void> {
    const { ledger, registry, commands } = this.#fleet
    await this.#running(missionId)
    const mission = await ledger.change((change) => {
      const row = ledger.missionAtHand(missionId)
      if (row.finishedAt !== null) return row
      const now = ledger.now()
      const wish =
        row.stopRequestedAt === null ? { stopRequestedBy: user.displayName, stopRequestedAt: now } : {}
      if (row.isOrderConfirmed || registry.isOnline(row.robotId)) {
        change.patchMission(missionId, wish)
        return row
      }
      const outcome = `Stopped by ${user.displayName} before the robot took the order`
      change.patchMission(missionId, {
        ...wish,
        verdict: 'aborted',
        outcome,
        phase: 'finished',
        phaseSince: now,
        finishedAt: now,
      })
      change.patchRoom(row.roomId, {
        ...nextRoomCondition(ledger.room(row.roomId).state, true, {
          type: 'mission.ended',
          verdict: 'aborted',
          outcome,
        }),
        since: now,
      })
      return ledger.missionAtHand(missionId)
    })
    const { finishedAt } = ledger.missionAtHand(missionId)
    if (finishedAt !== null) {
      registry.setMission(mission.robotId, null)
      return
    }
    if (!registry.isOnline(mission.robotId)) {
      throw robotOffline(mission.robotId, 'the stop is stored and will reach it when it is back')
    }
    await commands.cancelMission(mission)
  }

  /** Lamp and drive off, latched. @throws WARD_ERR_NOT_FOUND, WARD_ERR_ROBOT_OFFLINE */
  async emergencyStop(robotId: string, user: User): Promise<void> {
    this.#requireOnline(robotId, 'the emergency stop does not reach it; press the red button on the robot')
    await this.#fleet.commands.sendInstantAction(robotId, {
      actionType: ROBOT_ACTION_TYPES.emergencyStop,
      actionId: `emergency-stop.${randomUUID()}`,
      parameters: [{ key: 'requestedBy', value: user.displayName }],
    })
  }

  /**
   * Ends a pause, or an emergency stop by message, that outlived its mission. What is latched stays dark.
   *
   * @throws WARD_ERR_NOT_FOUND, WARD_ERR_ROBOT_OFFLINE
   */
  async resumeRobot(robotId: string): Promise<void> {
    this.#requireOnline(robotId, 'it cannot be resumed')
    await this.#fleet.commands.sendInstantAction(robotId, {
      actionType: ROBOT_ACTION_TYPES.stopPause,
      actionId: `resume.${randomUUID()}`,
    })
  }

  #requireOnline(robotId: string, consequence: string): void {
    const { registry } = this.#fleet
    if (!registry.has(robotId)) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `There is no robot ${JSON.stringify(robotId)}`,
        where: 'robotId',
      })
    }
    if (!registry.isOnline(robotId)) throw robotOffline(robotId, consequence)
  }

  /**
   * Takes a person's signature under a proven report, with what the protocol wants done by hand after the robot. Only
   * the last signature of the protocol's people makes the room clean.
   *
   * @throws WARD_ERR_FORBIDDEN, WARD_ERR_CONFLICT when nothing is proven or the protocol still waits, WARD_ERR_VALIDATION
   *   when missed surfaces are not wiped or work by hand is not confirmed
   */
  async release(missionId: string, signature: ReleaseSignature, user: User): Promise<void> {
    const { ledger } = this.#fleet
    await ledger.mission(missionId)
    await ledger.change((change) => {
      const mission = ledger.missionAtHand(missionId)
      const rule = releaseRule(mission.protocol)
      checkRole(rule, user, 'release this room')
      if (mission.releasedAt !== null) return
      if (mission.verdict !== 'proven') {
        throw wardError('WARD_ERR_CONFLICT', {
          what:
            mission.verdict === null
              ? 'The mission has no report yet'
              : `The mission is ${mission.verdict}; its dose is not proven`,
          where: 'missionId',
          remedy: mission.verdict === null ? 'Wait for the report.' : 'Disinfect the room again.',
        })
      }
      if (mission.stepNumber + 1 < mission.stepCount) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `This is step ${mission.stepNumber + 1} of ${mission.stepCount}`,
          where: 'missionId',
          remedy: 'Release the room with the report of its last step.',
        })
      }
      const room = ledger.room(mission.roomId)
      if (room.missionId !== missionId) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'A later mission has begun in this room',
          where: 'missionId',
          remedy: 'Release the later one.',
        })
      }
      const missed = missedSurfaces(mission)
      const isWiped = signature.missedSurfacesWiped || mission.missedSurfacesWiped === true
      if (missed > 0 && !isWiped) {
        throw wardError('WARD_ERR_VALIDATION', {
          what: `${missed} surfaces missed their dose and are not confirmed as wiped`,
          where: 'missedSurfacesWiped',
          remedy: 'Wipe the surfaces that the report lists, then confirm it.',
        })
      }
      const now = ledger.now()
      const from = signableFrom(mission)
      if (from !== null && now < from) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The protocol waits until ${from.toISOString()}`,
          where: 'missionId',
          remedy: 'Sign after that.',
        })
      }
      const confirmations = withConfirmations(
        dueItems(mission.protocol, 'release'),
        mission.confirmations,
        signature.confirmations ?? [],
        user,
        now,
      )
      const signatures = withSignature(mission.signatures, user, now, signature.note ?? null)
      if (signatures.length < rule.people) {
        change.patchMission(missionId, { confirmations, signatures, missedSurfacesWiped: isWiped })
        change.patchRoom(mission.roomId, {
          reason: stillToSign(
            signatures.map(({ by }) => by),
            rule.people,
          ),
        })
        return
      }
      const isRunning = ledger.runningInRoom(mission.roomId) !== undefined
      const condition = nextRoomCondition(room.state, isRunning, {
        type: 'mission.released',
        by: signatures.map(({ by }) => by).join(' and '),
      })
      change.patchMission(missionId, {
        confirmations,
        signatures,
        releasedBy: user.displayName,
        releasedAt: now,
        releaseNote: signature.note ?? null,
        missedSurfacesWiped: isWiped,
        ...(mission.returnState === 'none'
          ? { returnState: 'due' as const, returnDueUntil: new Date(now.getTime() + RETURN_WITHIN_MS) }
          : {}),
      })
      change.patchRoom(mission.roomId, { ...condition, since: now })
    })
  }

  async #running(missionId: string): Promise<MissionRow> {
    const mission = await this.#fleet.ledger.mission(missionId)
    if (mission.finishedAt !== null || mission.phase === 'finished') {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'The mission is over',
        where: 'missionId',
        remedy: 'Read its report.',
      })
    }
    return mission
  }

  #instruct(
    mission: MissionRow,
    actionType: string,
    parameters: readonly ActionParameter[] = [],
  ): Promise<void> {
    return this.#fleet.commands.sendInstantAction(mission.robotId, {
      actionType,
      actionId: `${mission.id}.${actionType}.${randomUUID()}`,
      parameters,
    })
  }
}
