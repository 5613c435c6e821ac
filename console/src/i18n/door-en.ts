import type { HandOverKind, HandOverUrgency } from '@wardlight/core/fleet'
import type { DoorStep } from '../views/door-step.ts'

const steps: Readonly<Record<DoorStep, { readonly title: string; readonly hint: string }>> = {
  keepOut: {
    title: 'Do not go in',
    hint: 'The room is in treatment, or nobody has heard for a while that it is not. A person inside calls out and opens the door.',
  },
  leaveNow: { title: 'Leave the room now', hint: 'The treatment begins in a moment. Shut the door.' },
  robotComes: {
    title: 'A robot is coming',
    hint: 'Keep the way and the door free. Nothing is asked of you now.',
  },
  arm: {
    title: 'Arm the robot',
    hint: 'Look into the room, confirm the checklist, press the button on the robot.',
  },
  othersArm: { title: 'Waits for a nurse', hint: 'A nurse arms the robot here.' },
  release: { title: 'Read the report and release the room', hint: 'Only then is the room clean.' },
  othersRelease: { title: 'Waits for its release', hint: 'Somebody else has to sign the report.' },
  confirmEmpty: {
    title: 'Look into the room',
    hint: 'Somebody was discharged here. Only when nobody is in it and the bed is stripped can it be treated.',
  },
  othersConfirmEmpty: {
    title: 'Waits for a nurse',
    hint: 'A nurse says that nobody is in the room and the bed is stripped.',
  },
  planning: { title: 'Asked for', hint: 'The plan is being worked out. It takes a minute at most.' },
  planFailed: { title: 'No plan was possible', hint: 'Open the room: there it says why.' },
  approve: { title: 'Asked for: the plan is ready', hint: 'Read the plan and approve it.' },
  othersApprove: { title: 'Asked for', hint: 'The plan waits for somebody else to approve it.' },
  ask: { title: 'Ask for a disinfection', hint: 'Nothing is under way here.' },
  othersAsk: { title: 'Nothing is under way', hint: 'A nurse can ask for a disinfection here.' },
}

/** The texts of doors, in English. */
export const doorTexts = {
  under: 'Under way',
  next: 'Next step',
  steps,
  stepLinks: {
    arm: 'Go to arming',
    approve: 'Go to the plan',
    planFailed: 'Go to the room',
    release: 'Go to the report',
  } as Readonly<Partial<Record<DoorStep, string>>>,
  openRoom: 'Everything about this room',
  loading: 'Looking at the room…',
  unknown: 'There is no such room',
  unknownHint: (roomId: string) =>
    `The floor plan knows no room “${roomId}”. The sign is old or damaged: find the room in the list, and have a new sign printed.`,
  notYours: (room: string) => `${room} is not in your wards`,
  notYoursHint: (ward: string, own: string) =>
    `It belongs to ${ward}; your account is for ${own}. Ask somebody of that ward, or an administrator for the ward.`,
  noWards: 'no ward',
  toRooms: 'Find a room',
  ask: {
    what: 'What is asked for',
    log: (organism: string, log: string) => `${organism}, log ${log}`,
    choose: 'Choose what to ask for',
    other: 'Ask for something else',
    isolation: (agent: string) => `Chosen because the room is isolated for ${agent}.`,
    unnamed: 'The room is isolated, and nobody has named the organism. Choose one.',
    roomKind: (kind: string, room: string, when: string) =>
      `Chosen because it was last asked for in a room of this kind (${kind}): ${room}, ${when}.`,
    nothingKnown: 'Nothing was asked for in a room of this kind yet. Choose, or take what is set.',
    due: 'By when',
    dues: { soon: 'As soon as possible', hour: 'In an hour' },
    shift: (time: string) => `End of shift, ${time}`,
    send: 'Ask for disinfection',
  },
  askedBy: (who: string, when: string) => `Asked for by ${who}, ${when}.`,
  withRobot: (robot: string) => `With ${robot}.`,
  robots: 'Robots in this room',
  stopRobot: (robot: string) => `Emergency stop of ${robot}`,
  signs: {
    link: 'Door signs',
    title: 'Door signs',
    subject:
      'A sign for every door: whoever scans it with a phone sees the state of the room, and nurses ask for its disinfection.',
    ward: 'Ward',
    noWard: 'Rooms of no ward',
    size: 'Size',
    sizes: { a6: 'A6, four on a page', a5: 'A5, two on a page' },
    print: 'Print signs',
    count: (signs: number, pages: number) =>
      `${signs} ${signs === 1 ? 'sign' : 'signs'} on ${pages} ${pages === 1 ? 'page' : 'pages'} of A4. Print without margins, at 100 %, and cut along the dashed lines.`,
    scan: 'Scan to ask for disinfection',
    code: (room: string) => `Code for the door of ${room}`,
    none: 'There is no room to print a sign for.',
    address: (origin: string) => `The codes lead to ${origin}.`,
    addressUnset: (origin: string) =>
      `Nobody has told the server its public address, so the codes lead to ${origin}, as this browser does. Scan one with a phone before you hang them up; an engineer sets the address with --public-url.`,
    addressLocal: (origin: string) =>
      `No phone can reach ${origin}: that is this machine's name for itself. Have an engineer set the public address (--public-url) first.`,
    onlyStaff: 'Nurses, engineers and administrators print signs.',
  },
} as const

const kinds: Readonly<Record<HandOverKind, string>> = {
  gassed: 'Gassed: nobody goes in',
  alarm: 'Alarm that nobody has seen',
  suspended: 'Suspended',
  runNeedsPerson: 'A robot waits for a person',
  stat: 'Urgent',
  roomToEmpty: 'Somebody has to say that it is empty and stripped',
  toRelease: 'To be released',
  missedSurfaces: 'Missed surfaces',
  requestFailed: 'No plan was possible',
  toApprove: 'Plan to be approved',
  robotHeld: 'Robot is held',
  robotContaminated: 'Robot to be decontaminated before it comes here',
  blocked: 'Blocked',
  running: 'Under way',
  planning: 'Being planned',
  dirty: 'Dirty',
  isolated: 'Isolated',
  robotOutOfService: 'Robot out of service',
}

const urgencies: Readonly<Record<HandOverUrgency, string>> = {
  now: 'Somebody has to go there',
  soon: 'Waits for somebody of this shift',
  know: 'To know',
}

/** The texts of hand-overs between shifts, in English. */
export const handOverTexts = {
  title: 'Hand-over',
  subject: 'What is open in the ward, for whoever comes on duty.',
  ward: 'Ward',
  noWards: 'No room here belongs to a ward.',
  reload: 'Read again',
  print: 'Print',
  openNow: (ward: string, time: string) => `Open in ${ward}, ${time}`,
  nothing: 'Nothing is open. All rooms are as they should be.',
  since: (when: string) => `since ${when}`,
  kinds,
  urgencies,
  notes: 'Notes for the next shift (optional)',
  notesWarning:
    'No names of patients, no birthdays, no bed numbers with names: anybody of the ward reads this for 90 days.',
  notesLeft: (left: number) => `${left} characters left`,
  tooLong: (over: number) => `${over} characters too many`,
  give: 'Hand over',
  given: 'Handed over. Whoever comes on duty takes it over, signed in as themselves.',
  readOnly: 'Nurses and clinicians hand over.',
  earlier: 'Handed over before',
  waitsForYou: 'Waits for you',
  none: 'Nothing was handed over in this ward yet.',
  by: (who: string, when: string) => `By ${who}, ${when}`,
  takenBy: (who: string, when: string) => `Taken over by ${who}, ${when}`,
  notTaken: 'Nobody has taken it over yet',
  waits: 'Waits to be taken over',
  taken: 'Taken over',
  take: 'Take over',
  takeOf: (who: string, when: string) => `Take over what ${who} handed over, ${when}`,
  noNotes: 'No notes.',
  asItWas: 'What was open then',
} as const
