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
  /** Instant action, step 1 of arming. Parameters: `missionId`, `confirmedBy`, `items` (array of strings). */
  confirmChecklist: 'confirmChecklist',
  /** Instant action, step 3 of arming (step 2 is the button on the robot). Parameters: `missionId`, `startedBy`. */
  startTreatment: 'startTreatment',
  /** Instant action: lamp and drive off, latched. Parameters: `requestedBy`. */
  emergencyStop: 'emergencyStop',
  /** Predefined in VDA 5050 3.0. */
  startPause: 'startPause',
  stopPause: 'stopPause',
  cancelOrder: 'cancelOrder',
  stateRequest: 'stateRequest',
  factsheetRequest: 'factsheetRequest',
} as const

/** What a person confirms before a room is lit, in this order. After the UVD model B manual's arming. */
export const ARMING_CHECKLIST = [
  { id: 'roomEmpty', text: 'The room and its bathroom are empty: nobody in bed, nobody behind a curtain.' },
  { id: 'doorsClosed', text: 'Every door is shut and carries its guard.' },
  { id: 'warningSigns', text: 'The warning signs hang on every door.' },
  { id: 'surfacesExposed', text: 'Drawers, curtains and equipment are placed so that light reaches them.' },
] as const
