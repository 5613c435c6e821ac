import type { DutyView, NewDuty } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'

/** What this browser is to the duty of whoever uses it; `on` with the id by which the server knows it. */
export type DutyDeviceState =
  | { readonly kind: 'unable' | 'insecure' | 'blocked' | 'off' }
  | { readonly kind: 'on'; readonly id: string; readonly until: string }

/** Comes with the console's other files, so that it may speak for all of its pages. */
const WORKER = './service-worker.js'

export async function dutyDeviceState({ devices }: DutyView): Promise<DutyDeviceState> {
  if (!window.isSecureContext) return { kind: 'insecure' }
  if (!('serviceWorker' in navigator && 'PushManager' in window)) return { kind: 'unable' }
  if (Notification.permission === 'denied') return { kind: 'blocked' }
  const registration = await navigator.serviceWorker.getRegistration(WORKER)
  const subscription = await registration?.pushManager.getSubscription()
  const device = devices.find(({ endpoint }) => endpoint === subscription?.endpoint)
  return device === undefined ? { kind: 'off' } : { kind: 'on', id: device.id, until: device.until }
}

/** That the person said no, or the browser's own push service did. */
export class NoPush extends Error {
  override readonly name = 'NoPush'
  readonly isRefused: boolean
  constructor(isRefused: boolean, cause?: unknown) {
    super(isRefused ? 'no permission' : 'no subscription', { cause })
    this.isRefused = isRefused
  }
}

/**
 * Asks the person, and then the push service of this browser.
 *
 * @param pushKey of the server, base64url
 * @throws NoPush
 */
export async function subscribeDevice(pushKey: string): Promise<Omit<NewDuty, 'hours'>> {
  if ((await Notification.requestPermission()) !== 'granted') throw new NoPush(true)
  await navigator.serviceWorker.register(WORKER)
  const { pushManager } = await navigator.serviceWorker.ready
  try {
    const subscription = await subscribe(pushManager, pushKey)
    const { endpoint, keys } = subscription.toJSON() as Omit<NewDuty, 'hours'>
    return { endpoint, keys }
  } catch (error) {
    throw new NoPush(false, error)
  }
}

async function subscribe(pushManager: PushManager, applicationServerKey: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey }
  try {
    return await pushManager.subscribe(options)
  } catch (error) {
    // One from another server, or from before it had another key.
    const earlier = await pushManager.getSubscription()
    if (earlier === null) throw error
    await earlier.unsubscribe()
    return pushManager.subscribe(options)
  }
}

/** Whoever signs out hands the device on, and with it nothing of their own. */
export async function endDutyHere(api: Pick<Api, 'duty' | 'endDuty'>): Promise<void> {
  try {
    if (!('serviceWorker' in navigator)) return
    const registration = await navigator.serviceWorker.getRegistration(WORKER)
    const subscription = await registration?.pushManager.getSubscription()
    // Its address is worth nothing from now on, whatever the server was told.
    await subscription?.unsubscribe()
    const { devices } = await api.duty()
    for (const { id, endpoint } of devices) if (endpoint === subscription?.endpoint) await api.endDuty(id)
  } catch {
    // Nobody is kept from signing out.
  }
}
