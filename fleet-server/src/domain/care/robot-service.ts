import { wardError } from '@wardlight/core/errors'
import type { Role, RobotServiceState, RobotView } from '@wardlight/core/fleet'

/** Who may bring a robot into a state. From `retired` only who may retire brings it back. */
const WHO: Readonly<Record<RobotServiceState, readonly Role[]>> = {
  inService: ['nurse', 'engineer', 'administrator'],
  draining: ['nurse', 'engineer', 'administrator'],
  maintenance: ['engineer', 'administrator'],
  retired: ['administrator'],
}

/**
 * Judges whether somebody may bring a robot into a state now.
 *
 * @throws WARD_ERR_FORBIDDEN, WARD_ERR_CONFLICT with what is in the way
 */
export function checkServiceChange(
  { serialNumber, service, missionId, connection }: RobotView,
  to: RobotServiceState,
  { role, isIdle }: { readonly role: Role; readonly isIdle: boolean },
): void {
  const who =
    service.state === 'inService' ? WHO[to] : WHO[to].filter((one) => WHO[service.state].includes(one))
  if (!who.includes(role)) {
    throw wardError('WARD_ERR_FORBIDDEN', {
      what: `A ${role} may not bring ${serialNumber} from ${service.state} to ${to}`,
      where: 'state',
      remedy: `Ask ${who.length === 1 ? 'an' : 'one of'} ${who.join(', ')}.`,
    })
  }
  const conflict = (what: string, remedy: string) =>
    wardError('WARD_ERR_CONFLICT', { what: `${serialNumber} ${what}`, where: 'state', remedy })
  if (to === service.state) {
    throw conflict(`is ${to} already`, 'Look at the robot again: somebody else was quicker.')
  }
  if ((to === 'maintenance' || to === 'retired') && missionId !== null) {
    throw conflict('is on a mission', 'Drain it, and wait until the mission is over; or stop the mission.')
  }
  if (to === 'maintenance' && connection === 'ONLINE' && !isIdle) {
    throw conflict('is still busy with an order', 'Drain it, and wait until it has ended.')
  }
  if (to === 'retired' && connection === 'ONLINE') {
    throw conflict('is connected', 'Switch it off first: a robot that nobody hears any more must not move.')
  }
}

/** Why a robot is not sent anywhere, in words after its name; `null`: it may be. */
export function outOfService({ service }: Pick<RobotView, 'service'>): string | null {
  switch (service.state) {
    case 'inService':
      return null
    case 'draining':
      return 'is being drained'
    case 'maintenance':
      return 'is in maintenance'
    case 'retired':
      return 'is retired'
  }
}
