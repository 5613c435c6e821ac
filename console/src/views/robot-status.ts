import type { RobotView } from '@wardlight/core/fleet'
import type { en } from '../i18n/en.ts'
import type { IconName } from '../look/icon-paths.ts'

export type RobotStatus = keyof typeof en.robots.states

/** The one thing to know about a robot first. Old news comes before everything: it is all we know. */
export function robotStatus(robot: RobotView, isStale: boolean): RobotStatus {
  if (robot.service.state === 'retired') return 'retired'
  if (robot.connection === 'CONNECTION_BROKEN') return 'broken'
  if (robot.connection !== 'ONLINE') return 'offline'
  if (isStale) return 'stale'
  if (robot.emergencyStop !== 'NONE') return 'emergency'
  if (robot.errors.some((error) => error.level === 'FATAL' || error.level === 'CRITICAL')) return 'error'
  if (robot.isLampLit) return 'lit'
  if (robot.service.state === 'maintenance') return 'maintenance'
  if (robot.isPaused) return 'paused'
  if (robot.missionId !== null) return 'working'
  if (robot.isDriving) return 'driving'
  if (robot.service.state === 'draining') return 'draining'
  if (robot.isCharging) return 'charging'
  return 'idle'
}

const NEEDS_PERSON: readonly RobotStatus[] = ['emergency', 'error', 'broken', 'paused']

export function statusTone(status: RobotStatus): string {
  if (NEEDS_PERSON.includes(status)) return 'var(--danger-ink)'
  if (status === 'lit') return 'var(--lamp-ink)'
  return 'var(--ink-soft)'
}

export function statusIcon(status: RobotStatus, isFixed = false): IconName {
  if (NEEDS_PERSON.includes(status)) return 'warning'
  if (status === 'lit') return 'lamp'
  if (status === 'stale' || status === 'offline') return 'clock'
  return isFixed ? 'unit' : 'robot'
}
