import type { SchedulePriority } from '@wardlight/core/fleet'
import { useState } from 'react'
import { unitsIn } from '../store/fleet-selectors.ts'
import { useConsole } from './console-context.ts'
import { requestedTreatment, type TreatmentChoice } from './treatment-fields.tsx'
import { useAction, type Action } from './use-action.ts'
import { useFleet } from './use-fleet.ts'

const NO_ROBOTS = {}

export interface RoomRequest {
  readonly treatment: TreatmentChoice
  readonly setTreatment: (treatment: TreatmentChoice) => void
  /** A unit hangs in the room, and could be asked for. */
  readonly hasUnit: boolean
  readonly byWhom: 'any' | 'unit'
  readonly setByWhom: (byWhom: 'any' | 'unit') => void
  /** Nothing of the treatment is missing. */
  readonly isComplete: boolean
  readonly action: Action
  /** Asks the server; does nothing while something is missing. */
  readonly send: (when: {
    readonly dueAt: string | null
    readonly priority?: SchedulePriority | null
  }) => void
}

/** A request for one room as it is made, wherever the form stands. @param onSent once the server has it */
export function useRoomRequest(
  roomId: string,
  usual: () => TreatmentChoice,
  onSent: () => void,
): RoomRequest {
  const { api, floor } = useConsole()
  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const level = floor.levels.find(({ rooms }) => rooms.some(({ id }) => id === roomId))
  const polygon = level?.rooms.find(({ id }) => id === roomId)?.polygon
  const hasUnit = polygon !== undefined && unitsIn(robots, level!.id, polygon).length > 0
  const [byWhom, setByWhom] = useState<'any' | 'unit'>('any')
  const [treatment, setTreatment] = useState(usual)
  const action = useAction()
  const target = requestedTreatment(treatment)
  return {
    treatment,
    setTreatment,
    hasUnit,
    byWhom,
    setByWhom,
    isComplete: target !== null,
    action,
    send({ dueAt, priority = null }) {
      if (target === null) return
      action.run(async () => {
        await api.request({
          roomId,
          ...target,
          ...(hasUnit && byWhom === 'unit' ? { isByFixedUnit: true } : {}),
          ...(dueAt === null ? {} : { dueAt }),
          ...(priority === null ? {} : { priority }),
        })
        onSent()
      })
    },
  }
}
