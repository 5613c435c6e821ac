import type { FactsheetAction } from '@wardlight/core/vda5050'

type Parameters = FactsheetAction['actionParameters']
type Parameter = NonNullable<Parameters>[number]

const text = (key: string, description: string): Parameter => ({ key, valueDataType: 'STRING', description })
const number = (key: string, description: string): Parameter => ({
  key,
  valueDataType: 'NUMBER',
  description,
})
const optional = (parameter: Parameter): Parameter => ({ ...parameter, isOptional: true })

/** What the robot understands of errands; `docs/protocol.md`, "Errands", says the same in words. */
export function errandActions(
  missionId: Parameter,
  instant: (actionType: string, actionDescription: string, parameters?: Parameters) => FactsheetAction,
): FactsheetAction[] {
  const node = (
    actionType: string,
    actionDescription: string,
    actionParameters: readonly Parameter[],
    actionResult: string,
  ): FactsheetAction => ({
    actionType,
    actionDescription,
    actionScopes: ['NODE'],
    actionParameters: [missionId, ...actionParameters],
    actionResult: `${actionResult} as JSON, see docs/protocol.md.`,
    blockingTypes: ['HARD'],
    pauseAllowed: true,
    cancelAllowed: true,
  })
  return [
    node(
      'dock',
      'On the staging pose of a dock: docks, and charges.',
      [
        text('dockId', "The dock's name in the robot's own list."),
        optional({
          key: 'dockPose',
          valueDataType: 'OBJECT',
          description: 'x, y, theta in the map frame, for a dock that is not in the list.',
        }),
        optional(
          number('untilPercent', 'The action ends with so much charge; by default as soon as it charges.'),
        ),
      ],
      'DockReport',
    ),
    node(
      'decontaminate',
      'From dirty to clean: a person wipes the robot and confirms, or it stands in a station.',
      [
        text('zone', 'Where it was.'),
        optional(text('organism', 'What it may carry.')),
        text('method', 'wipe or uvStation.'),
        optional(text('stationId', 'Which station, for uvStation.')),
        optional(number('stationS', 'Seconds in the station, for uvStation.')),
      ],
      'DecontaminationReport',
    ),
    node(
      'startTelepresence',
      'At the bedside: says who comes, asks for consent, and lets a session drive; no lamp, no gas.',
      [
        text('visitor', 'Who comes, as the screen says it.'),
        optional(text('reason', 'Why, as the screen says it.')),
      ],
      'VisitReport',
    ),
    instant('confirmDecontamination', 'The robot is wiped.', [
      missionId,
      text('confirmedBy', 'Who wiped it.'),
      { key: 'items', valueDataType: 'ARRAY', description: 'Ids of every item of the checklist.' },
    ]),
    instant('answerVisit', 'The answer of the patient, or of who is at the bed for them.', [
      missionId,
      { key: 'isConsent', valueDataType: 'BOOL', description: 'true: yes.' },
      text('answeredBy', 'Who answered.'),
    ]),
    instant('handOverDrive', 'A session drives from now on. Only while the robot stands and nobody drives.', [
      missionId,
      text('sessionId', 'Whose commands count.'),
      text('driver', 'Who drives.'),
    ]),
    instant('takeBackDrive', 'Nobody drives by hand any more; the robot comes to a stand.', [
      missionId,
      optional(text('sessionId', 'Only if this one drives; by default whoever does.')),
    ]),
    instant('endVisit', 'The visit is over.', [missionId, text('endedBy', 'Who ends it.')]),
  ]
}
