import type { VdaResponse, ZoneRequest } from '@wardlight/core/vda5050'

/** What a robot asks for, or holds, by its own last state. */
export interface ZoneClaim {
  readonly robotId: string
  readonly requestId: string
  /** Of the plan, whatever set it came in. */
  readonly zoneId: string
  readonly status: ZoneRequest['requestStatus']
}

export interface ZoneScene {
  /** Of every robot, who asked first before who asked later. */
  readonly claims: readonly ZoneClaim[]
  /** Who was let in last, by zone, while that may still hold: said by the fleet, whether the robot has heard it or not. */
  readonly grants: ReadonlyMap<string, { readonly robotId: string }>
  /** Who stands in a zone, by the last place that is known of each; also who cannot ask. */
  readonly occupants: (zoneId: string) => readonly string[]
  /** Whether people have it. */
  readonly isHeld: (zoneId: string) => boolean
}

export type ZoneAnswer = ZoneClaim & { readonly grantType: VdaResponse['grantType'] }

/**
 * One robot at a time, who asked first goes first (VDA 5050 3.0, 6.4.3). Nobody is let in while another robot is in the
 * zone, or may be: by its place, by its state, or by what the fleet has said to it; nor while people have it. Who was let
 * in before that is not called back: people are told of it (decision 0162).
 */
export function zoneAnswers({ claims, grants, occupants, isHeld }: ZoneScene): ZoneAnswer[] {
  const given = new Map<string, string>()
  return claims.map((claim): ZoneAnswer => {
    const { robotId, zoneId, status } = claim
    const isAnother = (other: string | undefined) => other !== undefined && other !== robotId
    const isTaken =
      (isHeld(zoneId) && grants.get(zoneId)?.robotId !== robotId) ||
      isAnother(grants.get(zoneId)?.robotId) ||
      isAnother(given.get(zoneId)) ||
      occupants(zoneId).some(isAnother) ||
      // Held, or lost inside: until it no longer says so, it is in there.
      claims.some(
        (other) => other.zoneId === zoneId && isAnother(other.robotId) && other.status !== 'REQUESTED',
      )
    // What is in there already is not put out by this rule: two at once would be somebody's mistake to sort out.
    if (isTaken && status === 'REQUESTED') return { ...claim, grantType: 'QUEUED' }
    given.set(zoneId, robotId)
    return { ...claim, grantType: 'GRANTED' }
  })
}
