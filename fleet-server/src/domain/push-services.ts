/** Key pair of P-256 by which push services know a server (RFC 8292), base64url. */
export interface PushKeys {
  readonly publicKey: string
  readonly privateKey: string
}

/**
 * Push services of browsers, by the host of an endpoint; `*.` for any name below. A browser chooses its own, and this
 * server writes to no other address that a browser gives it.
 *
 * Sources: Chromium and its relatives fcm.googleapis.com; Firefox updates.push.services.mozilla.com; Safari
 * *.push.apple.com (Apple, "Sending web push notifications"); Edge *.notify.windows.com (Microsoft, "WNS hosts").
 */
export const KNOWN_PUSH_HOSTS: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]

/**
 * @param hosts that browsers may name; endpoints there are under TLS
 * @param origins of the hospital's own push services, as they are: `http://push.hospital.example:8000`
 */
export function isPushService(
  endpoint: string,
  { hosts, origins }: { readonly hosts: readonly string[]; readonly origins: readonly string[] },
): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, host, hostname, origin, username, password } = new URL(endpoint)
  if (username !== '' || password !== '') return false
  if (origins.includes(origin)) return true
  // `host` has a port where it is not the usual one.
  return protocol === 'https:' && host === hostname && hosts.some((pattern) => isHost(hostname, pattern))
}

function isHost(hostname: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern
}
