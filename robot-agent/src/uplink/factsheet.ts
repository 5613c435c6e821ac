import type { Factsheet, FactsheetAction, Header } from '@wardlight/core/vda5050'
import type { LampModel } from '@wardlight/core/disinfection'
import {
  ANNOUNCEMENT_LIMITS,
  FIXED_LAMP_KEY,
  MAP_FORMAT_KEY,
  ROBOT_ACTION_TYPES,
  VAPORISER_KEYS,
} from '@wardlight/core/fleet'
import { LEVEL_MAP_FORMAT } from '@wardlight/core/floor'
import { errandActions } from './errand-factsheet.ts'
import type { FixedPlace } from '../robot/fixed-base.ts'
import type { VaporiserFacts } from '../missions/peroxide-actions.ts'
import { DEFAULT_REARM_TIMEOUT_S } from '../missions/uv-mission-runner.ts'

/** The robot's body and pace. */
export interface RobotGeometry {
  /** Of the smallest circle around its footprint, metres. */
  readonly radiusM: number
  readonly lengthM: number
  readonly widthM: number
  readonly heightM: number
  readonly speedMps: number
  /** Of a unit that does not move. */
  readonly fixed?: FixedPlace
}

export const DEFAULT_GEOMETRY: RobotGeometry = {
  radiusM: 0.3,
  lengthM: 0.6,
  widthM: 0.6,
  heightM: 1.7,
  speedMps: 0.6,
}

/** A state goes out at least this often, seconds; VDA 5050 asks for 30. */
export const STATE_INTERVAL_S = 10
export const VISUALIZATION_INTERVAL_S = 0.2

const missionId = {
  key: 'missionId',
  valueDataType: 'STRING' as const,
  description: 'The mission of the fleet.',
}

const zoneSetId = {
  key: 'zoneSetId',
  valueDataType: 'STRING' as const,
  description: 'Of a set that came on the topic zoneSet.',
}

const map = [
  { key: 'mapId', valueDataType: 'STRING' as const, description: 'A level that the robot knows.' },
  { key: 'mapVersion', valueDataType: 'STRING' as const, description: 'Which one of its maps.' },
]

/** The file of a map or a zone set. */
const file = (kind: 'map' | 'zoneSet') => [
  {
    key: `${kind}DownloadLink`,
    valueDataType: 'STRING' as const,
    description: 'http or https; the file is in docs/protocol.md.',
  },
  {
    key: `${kind}Hash`,
    valueDataType: 'STRING' as const,
    description: 'SHA-256 of the file, hexadecimal.',
    isOptional: true,
  },
]

const instant = (
  actionType: string,
  actionDescription: string,
  actionParameters: FactsheetAction['actionParameters'] = [],
): FactsheetAction => ({
  actionType,
  actionDescription,
  actionScopes: ['INSTANT'],
  actionParameters,
  blockingTypes: ['NONE'],
  pauseAllowed: false,
  cancelAllowed: false,
})

/** What every robot understands beyond driving; `docs/protocol.md` says the same in words. */
const MOBILE_ROBOT_ACTIONS: readonly FactsheetAction[] = [
  {
    actionType: 'awaitArming',
    actionDescription: 'Surveys the room with the lidar, then waits for checklist, button and start.',
    actionScopes: ['NODE'],
    actionParameters: [
      missionId,
      {
        key: 'rearmTimeoutS',
        valueDataType: 'NUMBER',
        description: `Seconds to wait for a new arming after an interlock; by default ${DEFAULT_REARM_TIMEOUT_S}.`,
        isOptional: true,
      },
    ],
    blockingTypes: ['HARD'],
    pauseAllowed: true,
    cancelAllowed: true,
  },
  {
    actionType: 'startUvDose',
    actionDescription: 'Treats the room by the plan, after awaitArming on the same node.',
    actionScopes: ['NODE'],
    actionParameters: [
      missionId,
      { key: 'plan', valueDataType: 'OBJECT', description: 'TreatmentPlan, see docs/protocol.md.' },
    ],
    actionResult: 'DoseReport as JSON, see docs/protocol.md.',
    blockingTypes: ['HARD'],
    pauseAllowed: true,
    cancelAllowed: true,
  },
  ...errandActions(missionId, instant),
  instant('confirmChecklist', 'Step 1 of arming.', [
    missionId,
    { key: 'confirmedBy', valueDataType: 'STRING', description: 'Who confirms.' },
    { key: 'items', valueDataType: 'ARRAY', description: 'Ids of every item of the checklist.' },
  ]),
  instant('startTreatment', 'Step 3 of arming, after the button on the robot.', [
    missionId,
    { key: 'startedBy', valueDataType: 'STRING', description: 'Who starts.' },
  ]),
  instant('emergencyStop', 'Lamp and drive off, latched.', [
    { key: 'requestedBy', valueDataType: 'STRING', description: 'Who stops.' },
  ]),
  instant('startPause', 'Stops driving; puts the lamp out, until it is armed anew.'),
  instant('stopPause', 'Goes on driving. It never lights the lamp.'),
  instant('cancelOrder', 'Ends the order, dark.', [
    {
      key: 'orderId',
      valueDataType: 'STRING',
      description: 'Which order; the one in work by default.',
      isOptional: true,
    },
  ]),
  instant(
    'initializePosition',
    'Stands elsewhere than it believes, as after a lift; refused while it drives or works.',
    [
      { key: 'x', valueDataType: 'NUMBER', description: 'Map frame, metres.' },
      { key: 'y', valueDataType: 'NUMBER', description: 'Map frame, metres.' },
      { key: 'theta', valueDataType: 'NUMBER', description: 'Map frame, radians.' },
      { key: 'mapId', valueDataType: 'STRING', description: 'A map that the robot has.' },
      { key: 'lastNodeId', valueDataType: 'STRING', description: 'Not used.', isOptional: true },
    ],
  ),
  instant(
    'findPosition',
    'Looks for its place by its lidar and its map, as it stands; refused while it drives or works.',
    [
      { key: 'mapId', valueDataType: 'STRING', description: 'The map that it uses.' },
      {
        key: 'area',
        valueDataType: 'ARRAY',
        description: 'Where somebody sees it: points { x, y }, metres.',
      },
      {
        key: 'faces',
        valueDataType: 'OBJECT',
        description: 'What its front shows to: { x, y }, metres.',
        isOptional: true,
      },
    ],
  ),
  instant('stateRequest', 'Sends a state at once.'),
  instant('factsheetRequest', 'Sends the factsheet at once.'),
  instant('clearInstantActions', 'Forgets the instant actions that are over.'),
  instant('enableZoneSet', 'Keeps to the zones of a set from now on.', [zoneSetId]),
  instant('deleteZoneSet', 'Forgets a set of zones that is not enabled.', [zoneSetId]),
  instant('downloadZoneSet', 'Gets a set of zones, as if it came on the topic zoneSet.', [
    zoneSetId,
    ...file('zoneSet'),
  ]),
]

/** What a robot understands that has a place to keep maps. */
const MAP_ACTIONS: readonly FactsheetAction[] = [
  instant('downloadMap', 'Gets a map and keeps it, not yet enabled.', [
    ...map,
    ...file('map'),
    {
      key: MAP_FORMAT_KEY,
      valueDataType: 'STRING',
      description: `What the file is; only ${LEVEL_MAP_FORMAT}.`,
      isOptional: true,
    },
  ]),
  instant('enableMap', 'Keeps to this version of a map; only while idle.', map),
  instant('deleteMap', 'Forgets a map that is not enabled.', map),
]

/** Of a robot with a screen of its own: in zones as well, where it drives. */
function announceAction(isFixed: boolean): FactsheetAction {
  const { longestText, usualS, longestS } = ANNOUNCEMENT_LIMITS
  return {
    ...instant(ROBOT_ACTION_TYPES.announce, "Shows words large on the robot's own screen.", [
      { key: 'text', valueDataType: 'STRING', description: `1 to ${longestText} characters.` },
      {
        key: 'seconds',
        valueDataType: 'NUMBER',
        description: `How long, up to ${longestS}; by default ${usualS}. Not used in duringActions.`,
        isOptional: true,
      },
    ]),
    actionScopes: isFixed ? ['INSTANT'] : ['INSTANT', 'ZONE'],
  }
}

/** What a robot with a vaporiser understands beside. Aeration is part of it, and no cancel ends that. */
export function peroxideAction({ method, maxRateGPerMin, tankMl }: VaporiserFacts): FactsheetAction {
  return {
    actionType: 'startPeroxideCycle',
    actionDescription: `A cycle of hydrogen peroxide (${method}, up to ${maxRateGPerMin} g/min from ${tankMl} ml), after awaitArming on the same node: isolate, condition, gas, dwell, aerate, verify by sensors.`,
    actionScopes: ['NODE'],
    actionParameters: [
      missionId,
      { key: 'plan', valueDataType: 'OBJECT', description: 'PeroxidePlan, see docs/protocol.md.' },
    ],
    actionResult: 'PeroxideReport as JSON, see docs/protocol.md.',
    blockingTypes: ['HARD'],
    pauseAllowed: false,
    cancelAllowed: false,
  }
}

/** What makes no sense to a unit that does not move. */
const ONLY_OF_MOVING: ReadonlySet<string> = new Set([
  ...errandActions(missionId, instant).map(({ actionType }) => actionType),
  ROBOT_ACTION_TYPES.initializePosition,
  ROBOT_ACTION_TYPES.findPosition,
  ROBOT_ACTION_TYPES.enableZoneSet,
  ROBOT_ACTION_TYPES.deleteZoneSet,
  ROBOT_ACTION_TYPES.downloadZoneSet,
])

/** What a factsheet is made of. */
export interface RobotBody {
  readonly geometry: RobotGeometry
  /** By default none. */
  readonly vaporiser?: VaporiserFacts | null
  readonly hasScreen?: boolean
  /** Whether it has a place for maps that a fleet sends. */
  readonly keepsMaps?: boolean
}

/** What it keeps to and what it does, as the factsheet says. */
export function offerOf({ geometry, vaporiser = null, hasScreen = false, keepsMaps = false }: RobotBody) {
  const isFixed = geometry.fixed !== undefined
  const hasZoneActions = hasScreen && !isFixed
  return {
    supportedZones: isFixed
      ? []
      : (['BLOCKED', 'RELEASE', 'SPEED_LIMIT', ...(hasZoneActions ? (['ACTION'] as const) : [])] as const),
    actions: [
      ...MOBILE_ROBOT_ACTIONS.filter(({ actionType }) => !isFixed || !ONLY_OF_MOVING.has(actionType)),
      ...(keepsMaps ? MAP_ACTIONS : []),
      ...(hasScreen ? [announceAction(isFixed)] : []),
      ...(hasZoneActions
        ? [instant(ROBOT_ACTION_TYPES.clearZoneActions, 'Forgets the actions of zones that are over.')]
        : []),
      ...(vaporiser === null ? [] : [peroxideAction(vaporiser)]),
    ],
  }
}

/** A fleet knows a unit that does not move by its maximum speed of 0, in every version; the extensible enums say it too. */
const FIXED_TYPE = {
  seriesDescription: 'UV-C lamp fixed in a room, for when nobody is in it',
  mobileRobotKinematics: 'FIXED',
  localizationTypes: ['FIXED'],
  navigationTypes: [],
}

/** @param lamp at its present age; told of a unit that does not move */
export function factsheetOf(header: Header, body: RobotBody, lamp: LampModel | null = null): Factsheet {
  const { geometry, vaporiser = null } = body
  const { supportedZones, actions } = offerOf(body)
  const isFixed = geometry.fixed !== undefined
  const versions = [
    ...(vaporiser === null
      ? []
      : [
          { key: VAPORISER_KEYS.method, value: vaporiser.method },
          { key: VAPORISER_KEYS.maxRateGPerMin, value: String(vaporiser.maxRateGPerMin) },
          { key: VAPORISER_KEYS.tankMl, value: String(vaporiser.tankMl) },
        ]),
    ...(isFixed && lamp !== null ? [{ key: FIXED_LAMP_KEY, value: JSON.stringify(lamp) }] : []),
  ]
  return {
    ...header,
    typeSpecification: {
      seriesName: 'Wardlight UV',
      seriesDescription: 'Mobile UV-C lamp for rooms without people',
      mobileRobotKinematics: 'DIFFERENTIAL',
      mobileRobotClass: 'DISINFECTOR',
      maximumLoadMass: 0,
      localizationTypes: ['NATURAL'],
      navigationTypes: ['FREELY_NAVIGATING'],
      supportedZones: [...supportedZones],
      ...(isFixed ? FIXED_TYPE : {}),
    },
    physicalParameters: {
      minimumSpeed: 0,
      maximumSpeed: isFixed ? 0 : geometry.speedMps,
      maximumAcceleration: isFixed ? 0 : 0.5,
      maximumDeceleration: isFixed ? 0 : 0.5,
      minimumHeight: geometry.heightM,
      maximumHeight: geometry.heightM,
      width: geometry.widthM,
      length: geometry.lengthM,
    },
    protocolLimits: {
      maximumStringLengths: { maximumIdLength: 256 },
      maximumArrayLengths: {},
      timing: {
        minimumOrderInterval: 0,
        minimumStateInterval: 0,
        defaultStateInterval: STATE_INTERVAL_S,
        visualizationInterval: VISUALIZATION_INTERVAL_S,
      },
    },
    protocolFeatures: {
      optionalParameters: [],
      mobileRobotActions: actions,
    },
    mobileRobotGeometry: {
      envelopes2d: [
        {
          envelope2dId: 'footprint',
          vertices: [
            { x: -geometry.lengthM / 2, y: -geometry.widthM / 2 },
            { x: geometry.lengthM / 2, y: -geometry.widthM / 2 },
            { x: geometry.lengthM / 2, y: geometry.widthM / 2 },
            { x: -geometry.lengthM / 2, y: geometry.widthM / 2 },
          ],
        },
      ],
    },
    ...(versions.length === 0 ? {} : { mobileRobotConfiguration: { versions } }),
    loadSpecification: {},
  }
}
