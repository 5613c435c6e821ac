import { ApiErrorSchema, type Role } from '@wardlight/core/fleet'
import Type from 'typebox'

/** Whoever is signed in may read. */
export const ANY_ROLE: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator', 'auditor']
/** Who may change something, where more is decided by who it is. */
export const ANY_ACTING_ROLE: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator']

/** The errors that each route may answer with, for the description of the API. */
export const ERRORS = { '4xx': ApiErrorSchema, '5xx': ApiErrorSchema } as const

export const Id = Type.String({ minLength: 1, maxLength: 256 })

export const RoomParams = Type.Object({ roomId: Id })
export const LevelParams = Type.Object({ levelId: Id })
export const RequestParams = Type.Object({ requestId: Id })
export const MissionParams = Type.Object({ missionId: Id })
export const ValidationParams = Type.Object({ validationId: Id })
export const PlanParams = Type.Object({ planId: Id })
export const AlarmParams = Type.Object({ alarmId: Id })
export const ZoneParams = Type.Object({ zoneId: Id })
export const RobotParams = Type.Object({ robotId: Id })
export const UserParams = Type.Object({ userId: Id })
export const SessionParams = Type.Object({ sessionId: Id })
export const PasskeyParams = Type.Object({ passkeyId: Type.String({ minLength: 1, maxLength: 1000 }) })
