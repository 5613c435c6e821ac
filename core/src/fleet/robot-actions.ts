import type { TreatmentMethod } from './views.ts'

/**
 * Wardlight's own VDA 5050 actions. Parameters travel as `actionParameters` by these keys.
 * The factsheet of the robot declares them; `docs/protocol.md` says the same in words.
 */
export const ROBOT_ACTION_TYPES = {
  /** Node action, HARD. Parameters: `missionId`. Surveys the room, then waits for the arming sequence. */
  awaitArming: 'awaitArming',
  /** Node action, HARD. Parameters: `missionId`, `plan` (`TreatmentPlan`). Result: `DoseReport` as JSON. */
  startUvDose: 'startUvDose',
  /** Node action of a robot with a peroxide generator, HARD, after `awaitArming`. Parameters: `missionId`, `plan` (`PeroxidePlan`). Result: `PeroxideReport` as JSON. */
  startPeroxideCycle: 'startPeroxideCycle',
  /** Node action, HARD, alone on its node, which is the dock's staging pose. Parameters: `missionId`, `dockId`, `dockPose`?, `untilPercent`?. Result: `DockReport` as JSON. */
  dock: 'dock',
  /** Node action, HARD, alone on its node. Parameters: `missionId`, `zone`, `organism`?, `method` (`wipe` | `uvStation`), `stationId`? and `stationS` for `uvStation`. Result: `DecontaminationReport` as JSON. */
  decontaminate: 'decontaminate',
  /** Node action, HARD, alone on its node, which is the bedside. Parameters: `missionId`, `visitor`, `reason`?. Result: `VisitReport` as JSON. */
  startTelepresence: 'startTelepresence',
  /** Instant action: a person has wiped the robot. Parameters: `missionId`, `confirmedBy`, `items` (array of strings). */
  confirmDecontamination: 'confirmDecontamination',
  /** Instant action: the answer of the patient, or of who is at the bed for them. Parameters: `missionId`, `isConsent` (boolean), `answeredBy`. */
  answerVisit: 'answerVisit',
  /** Instant action: who drives from now on. Parameters: `missionId`, `sessionId`, `driver`. */
  handOverDrive: 'handOverDrive',
  /** Instant action: nobody drives by hand any more. Parameters: `missionId`, `sessionId`. */
  takeBackDrive: 'takeBackDrive',
  /** Instant action. Parameters: `missionId`, `endedBy`. */
  endVisit: 'endVisit',
  /** Instant action, step 1 of arming. Parameters: `missionId`, `confirmedBy`, `items` (array of strings). */
  confirmChecklist: 'confirmChecklist',
  /** Instant action, step 3 of arming (step 2 is the button on the robot). Parameters: `missionId`, `startedBy`. */
  startTreatment: 'startTreatment',
  /** Instant action: lamp and drive off, latched. Parameters: `requestedBy`. */
  emergencyStop: 'emergencyStop',
  /** Predefined in VDA 5050 3.0, as instant action: the robot is on another map now, as after a lift's ride. Parameters: `x`, `y`, `theta`, `mapId`, `lastNodeId`. Refused while it drives or works. */
  initializePosition: 'initializePosition',
  /** Instant action: looks for its place by its lidar and its map, as it stands. Parameters: `mapId`, `area` (array of `{ x, y }`: where somebody sees it), `faces`? (`{ x, y }`: what its front shows to). Refused while it drives or works. */
  findPosition: 'findPosition',
  /** Action of a zone, or instant action, NONE. Parameters: `text`, `seconds`?. Shows the words large on the robot's own screen. */
  announce: 'announce',
  /** Predefined in VDA 5050 3.0. */
  startPause: 'startPause',
  stopPause: 'stopPause',
  cancelOrder: 'cancelOrder',
  stateRequest: 'stateRequest',
  factsheetRequest: 'factsheetRequest',
  clearInstantActions: 'clearInstantActions',
  clearZoneActions: 'clearZoneActions',
  /** Parameters: `zoneSetId`. */
  enableZoneSet: 'enableZoneSet',
  deleteZoneSet: 'deleteZoneSet',
  /** Parameters: `zoneSetId`, `zoneSetDownloadLink`, `zoneSetHash`? (SHA-256, hexadecimal). */
  downloadZoneSet: 'downloadZoneSet',
  /** Parameters: `mapId`, `mapVersion`, `mapDownloadLink`, `mapHash`? (SHA-256, hexadecimal), and `MAP_FORMAT_KEY`. */
  downloadMap: 'downloadMap',
  /** Parameters: `mapId`, `mapVersion`. */
  enableMap: 'enableMap',
  deleteMap: 'deleteMap',
} as const

/** Of `announce`. Proposed: words that are read in passing, and that nobody forgets on a screen. */
export const ANNOUNCEMENT_LIMITS = {
  /** Characters of its `text`, 1 at least. */
  longestText: 200,
  /** `seconds` where nobody says, and the most. */
  usualS: 10,
  longestS: 600,
} as const

/**
 * Parameter of `downloadMap` that says what the file is. The standard leaves that open: only a robot that declares this
 * parameter is sent our maps, another could take them for its own.
 */
export const MAP_FORMAT_KEY = 'wardlight.mapFormat'

/** What a person confirms who has wiped a robot, from clean to dirty. Proposed; a hospital's hygiene plan is above it. */
export const DECONTAMINATION_CHECKLIST = [
  { id: 'screenAndHandles', text: 'The screen, the handles and the emergency stop are wiped.' },
  { id: 'bodyAndLamp', text: 'The body and the mast are wiped; the lamp by what its maker allows.' },
  { id: 'bumperAndWheels', text: 'The bumper, the base and the wheels are wiped all around.' },
  { id: 'contactTime', text: 'Everything stayed wet for the contact time of the agent.' },
] as const

/** What a person confirms before a room is lit, in this order. After the UVD model B manual's arming. */
export const ARMING_CHECKLIST = [
  { id: 'roomEmpty', text: 'The room and its bathroom are empty: nobody in bed, nobody behind a curtain.' },
  {
    id: 'doorsClosed',
    text: 'Every door carries its guard, was opened once in this shift so that the guard has shown it, and is shut.',
  },
  { id: 'warningSigns', text: 'The warning signs hang on every door.' },
  { id: 'surfacesExposed', text: 'Drawers, curtains and equipment are placed so that light reaches them.' },
] as const

/** The same before a room is gassed. */
export const GAS_CHECKLIST = [
  { id: 'roomEmpty', text: 'The room and its bathroom are empty: nobody in bed, nobody behind a curtain.' },
  { id: 'neighboursKnow', text: 'Everybody next door knows of the gas, and the way out.' },
  {
    id: 'sensorsPlaced',
    text: 'Gas sensors stand in the room and beyond each of its doors, tested with gas today.',
  },
  { id: 'ventsFree', text: 'Supply and exhaust vents are free: their dampers shut and open by themselves.' },
  { id: 'detectorsIsolated', text: 'Smoke and fire detectors of the room are isolated, and somebody knows.' },
  {
    id: 'doorsSealed',
    text: 'Every door carries its guard, was opened once in this shift so that the guard has shown it, is shut, and its gaps are taped from outside: those of the door that you leave by before you start.',
  },
  { id: 'doorsLocked', text: 'Every door gets locked as soon as the last person is out.' },
  { id: 'warningSigns', text: 'The warning signs for toxic gas hang on every door.' },
] as const

export interface ChecklistItem {
  readonly id: string
  readonly text: string
}

/** What is confirmed before a mission of this kind is armed. Robot and fleet ask for the same. */
export function armingChecklist(method: TreatmentMethod): readonly ChecklistItem[] {
  return method === 'uv' ? ARMING_CHECKLIST : GAS_CHECKLIST
}

/** Keys of a vaporiser in the factsheet's `mobileRobotConfiguration.versions`; the values are text. */
export const VAPORISER_KEYS = {
  /** `hpv` or `ahp`. */
  method: 'wardlight.vaporiser.method',
  maxRateGPerMin: 'wardlight.vaporiser.maxRateGPerMin',
  tankMl: 'wardlight.vaporiser.tankMl',
} as const

/** The robot's own screen in a state's `information`: `infoType`, and the `referenceKey` of its address. */
export const SCREEN_INFORMATION = { infoType: 'robotScreen', urlKey: 'url' } as const

/** How far it has driven in its life in a state's `information`: `infoType`, and the `referenceKey` of its metres. */
export const ODOMETER_INFORMATION = { infoType: 'wardlight.odometer', drivenKey: 'drivenM' } as const

/** Each tube's hours in a state's `information`: by `referenceKey` its id, as value the hours burned and its rated life, `812/9000`. */
export const LAMP_HOURS_INFORMATION = 'wardlight.lampHours'
