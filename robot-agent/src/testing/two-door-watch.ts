import type { Watch } from '../safety/supervisor.ts'

/** A room of 5 × 4 m with two guarded doors, that the mission `m` waits to be armed in. */
export const TWO_DOOR_WATCH: Watch = {
  missionId: 'm',
  polygon: [
    { x: 0, y: 0 },
    { x: 5, y: 0 },
    { x: 5, y: 4 },
    { x: 0, y: 4 },
  ],
  doors: [
    { id: 'door-1', name: 'the door' },
    { id: 'door-2', name: 'the bathroom door' },
  ],
}
