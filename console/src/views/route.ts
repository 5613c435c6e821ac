/** Every page that has an address. */
export type Route =
  | { readonly page: 'rooms'; readonly levelId: string | null }
  | { readonly page: 'room'; readonly roomId: string }
  /** Where the code on a room's door leads. */
  | { readonly page: 'door'; readonly roomId: string }
  | { readonly page: 'doorSigns' }
  | { readonly page: 'handOver' }
  | { readonly page: 'mission'; readonly missionId: string }
  | { readonly page: 'report'; readonly missionId: string }
  | { readonly page: 'robots' }
  | { readonly page: 'alarms' }
  | { readonly page: 'hl7' }
  | { readonly page: 'compliance' }
  | { readonly page: 'account' }
  | { readonly page: 'people' }
  | { readonly page: 'audit' }
  | { readonly page: 'notifications' }
  | { readonly page: 'robot'; readonly robotId: string }
  | {
      readonly page: 'schedule'
      readonly section: 'board' | 'plans' | 'hours' | 'zones'
      /** Of the entry that is looked at. */
      readonly id: string | null
    }
  | {
      readonly page: 'evidence'
      readonly section: 'organisms' | 'validations' | 'protocols'
      /** Of the one that somebody came to see. */
      readonly id: string | null
    }

/** Addresses live behind the `#`, so that any static server can serve the console and links keep working. */
export function hrefOf(route: Route): string {
  const id = encodeURIComponent
  switch (route.page) {
    case 'rooms':
      return route.levelId === null ? '#/' : `#/levels/${id(route.levelId)}`
    case 'room':
      return `#/rooms/${id(route.roomId)}`
    case 'door':
      return `#/door/${id(route.roomId)}`
    case 'handOver':
      return '#/hand-over'
    case 'doorSigns':
      return '#/door-signs'
    case 'mission':
      return `#/missions/${id(route.missionId)}`
    case 'report':
      return `#/missions/${id(route.missionId)}/report`
    case 'alarms':
      return '#/alarms'
    case 'hl7':
      return '#/messages'
    case 'compliance':
      return '#/compliance'
    case 'account':
      return '#/account'
    case 'people':
      return '#/people'
    case 'audit':
      return '#/audit'
    case 'notifications':
      return '#/notifications'
    case 'robots':
      return '#/robots'
    case 'robot':
      return `#/robots/${id(route.robotId)}`
    case 'schedule':
      return `#/schedule/${route.section}${route.id === null ? '' : `/${id(route.id)}`}`
    case 'evidence':
      return `#/evidence/${route.section}${route.id === null ? '' : `/${id(route.id)}`}`
  }
}

/** An address that nobody knows leads to the rooms. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(Boolean)
  let ids: string[]
  try {
    ids = parts.map(decodeURIComponent)
  } catch {
    return { page: 'rooms', levelId: null }
  }
  const [collection, id, tail] = ids
  if (collection === 'levels' && id !== undefined) return { page: 'rooms', levelId: id }
  if (collection === 'rooms' && id !== undefined) return { page: 'room', roomId: id }
  if (collection === 'door' && id !== undefined) return { page: 'door', roomId: id }
  if (collection === 'hand-over') return { page: 'handOver' }
  if (collection === 'door-signs') return { page: 'doorSigns' }
  if (collection === 'missions' && id !== undefined) {
    return tail === 'report' ? { page: 'report', missionId: id } : { page: 'mission', missionId: id }
  }
  if (collection === 'robots') return id === undefined ? { page: 'robots' } : { page: 'robot', robotId: id }
  if (collection === 'alarms') return { page: 'alarms' }
  if (collection === 'messages') return { page: 'hl7' }
  if (collection === 'compliance') return { page: 'compliance' }
  if (collection === 'account') return { page: 'account' }
  if (collection === 'people') return { page: 'people' }
  if (collection === 'audit') return { page: 'audit' }
  if (collection === 'notifications') return { page: 'notifications' }
  if (collection === 'schedule') {
    const section = id === 'plans' || id === 'hours' || id === 'zones' ? id : 'board'
    return { page: 'schedule', section, id: tail ?? null }
  }
  if (collection === 'evidence') {
    const section = id === 'validations' || id === 'protocols' ? id : 'organisms'
    return { page: 'evidence', section, id: tail ?? null }
  }
  return { page: 'rooms', levelId: null }
}
