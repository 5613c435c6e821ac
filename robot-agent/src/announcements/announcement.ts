import { ANNOUNCEMENT_LIMITS } from '@wardlight/core/fleet'
import type { ZoneAction } from '@wardlight/core/vda5050'
import { actionParameter } from '../missions/order-rules.ts'

/** Words for the robot's own screen. */
export interface Announcement {
  readonly text: string
  readonly seconds: number
}

/** What an action `announce` asks for. @returns why it is none, in words, where it is none */
export function announcementOf(action: Pick<ZoneAction, 'actionParameters'>): Announcement | string {
  const { longestText, usualS, longestS } = ANNOUNCEMENT_LIMITS
  const text = actionParameter(action, 'text')
  const seconds = actionParameter(action, 'seconds') ?? usualS
  // Blank words would be an empty screen.
  if (typeof text !== 'string' || text.trim() === '' || text.length > longestText) {
    return `announce wants a text of 1 to ${longestText} characters`
  }
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= longestS)) {
    return `announce wants seconds above 0 and up to ${longestS}`
  }
  return { text: text.trim(), seconds }
}
