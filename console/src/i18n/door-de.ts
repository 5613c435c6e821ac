import type { Dictionary } from './en.ts'

/** The texts of doors, in German. */
export const doorTexts: Dictionary['door'] = {
  under: 'Läuft',
  next: 'Nächster Schritt',
  steps: {
    keepOut: {
      title: 'Nicht betreten',
      hint: 'Im Raum läuft eine Desinfektion, oder es ist seit einer Weile nicht bekannt, dass keine läuft. Wer im Raum ist, ruft laut und öffnet die Tür.',
    },
    leaveNow: {
      title: 'Verlassen Sie jetzt den Raum',
      hint: 'Die Desinfektion beginnt gleich. Schließen Sie die Tür.',
    },
    robotComes: {
      title: 'Ein Roboter kommt',
      hint: 'Halten Sie Weg und Tür frei. Sie müssen jetzt nichts tun.',
    },
    arm: {
      title: 'Roboter scharf schalten',
      hint: 'Sehen Sie in den Raum, bestätigen Sie die Checkliste, drücken Sie den Knopf am Roboter.',
    },
    othersArm: {
      title: 'Wartet auf die Pflege',
      hint: 'Eine Pflegefachkraft schaltet den Roboter hier scharf.',
    },
    release: {
      title: 'Bericht lesen und Raum freigeben',
      hint: 'Erst dann ist der Raum sauber.',
    },
    othersRelease: {
      title: 'Wartet auf die Freigabe',
      hint: 'Jemand anderes muss den Bericht unterschreiben.',
    },
    confirmEmpty: {
      title: 'Sehen Sie in den Raum',
      hint: 'Hier wurde jemand entlassen. Erst wenn niemand mehr im Raum ist und das Bett abgezogen ist, darf er desinfiziert werden.',
    },
    othersConfirmEmpty: {
      title: 'Wartet auf die Pflege',
      hint: 'Eine Pflegefachkraft bestätigt, dass niemand im Raum ist und das Bett abgezogen ist.',
    },
    planning: {
      title: 'Angefordert',
      hint: 'Der Plan wird berechnet. Das dauert höchstens eine Minute.',
    },
    planFailed: {
      title: 'Kein Plan möglich',
      hint: 'Öffnen Sie den Raum: Dort steht, warum.',
    },
    approve: {
      title: 'Angefordert: Der Plan ist fertig',
      hint: 'Lesen Sie den Plan und genehmigen Sie ihn.',
    },
    othersApprove: {
      title: 'Angefordert',
      hint: 'Der Plan wartet auf die Genehmigung durch jemand anderen.',
    },
    ask: { title: 'Desinfektion anfordern', hint: 'Hier läuft nichts.' },
    othersAsk: {
      title: 'Hier läuft nichts',
      hint: 'Eine Pflegefachkraft kann hier eine Desinfektion anfordern.',
    },
  },
  stepLinks: {
    arm: 'Zum Scharfschalten',
    approve: 'Zum Plan',
    planFailed: 'Zum Raum',
    release: 'Zum Bericht',
  },
  openRoom: 'Alles zu diesem Raum',
  loading: 'Raum wird nachgesehen…',
  unknown: 'Diesen Raum gibt es nicht',
  unknownHint: (roomId) =>
    `Der Grundriss kennt keinen Raum „${roomId}“. Das Schild ist alt oder beschädigt: Suchen Sie den Raum in der Liste und lassen Sie ein neues Schild drucken.`,
  notYours: (room) => `${room} gehört nicht zu Ihren Stationen`,
  notYoursHint: (ward, own) =>
    `Der Raum gehört zu ${ward}; Ihr Konto gilt für ${own}. Fragen Sie jemanden von dieser Station, oder bitten Sie die Administration um diese Station.`,
  noWards: 'keine Station',
  toRooms: 'Raum suchen',
  ask: {
    what: 'Was angefordert wird',
    log: (organism, log) => `${organism}, log ${log}`,
    choose: 'Wählen Sie, was angefordert wird',
    other: 'Anderes anfordern',
    isolation: (agent) => `Gewählt, weil der Raum wegen ${agent} isoliert ist.`,
    unnamed: 'Der Raum ist isoliert, und niemand hat den Erreger genannt. Wählen Sie einen.',
    roomKind: (kind, room, when) =>
      `Gewählt, weil es zuletzt in einem Raum dieser Art (${kind}) angefordert wurde: ${room}, ${when}.`,
    nothingKnown:
      'Für einen Raum dieser Art wurde noch nichts angefordert. Wählen Sie, oder nehmen Sie, was eingestellt ist.',
    due: 'Bis wann',
    dues: { soon: 'So bald wie möglich', hour: 'In einer Stunde' },
    shift: (time) => `Schichtende, ${time}`,
    send: 'Desinfektion anfordern',
  },
  askedBy: (who, when) => `Angefordert von ${who}, ${when}.`,
  withRobot: (robot) => `Mit ${robot}.`,
  robots: 'Roboter in diesem Raum',
  stopRobot: (robot) => `Not-Halt für ${robot}`,
  signs: {
    link: 'Türschilder',
    title: 'Türschilder',
    subject:
      'Ein Schild für jede Tür: Wer es mit dem Telefon scannt, sieht den Zustand des Raums, und die Pflege fordert seine Desinfektion an.',
    ward: 'Station',
    noWard: 'Räume ohne Station',
    size: 'Größe',
    sizes: { a6: 'A6, vier pro Seite', a5: 'A5, zwei pro Seite' },
    print: 'Schilder drucken',
    count: (signs, pages) =>
      `${signs} ${signs === 1 ? 'Schild' : 'Schilder'} auf ${pages} ${pages === 1 ? 'Seite' : 'Seiten'} A4. Drucken Sie ohne Ränder, mit 100 %, und schneiden Sie entlang der gestrichelten Linien.`,
    scan: 'Scannen, um Desinfektion anzufordern',
    code: (room) => `Code für die Tür von ${room}`,
    none: 'Es gibt keinen Raum, für den ein Schild zu drucken wäre.',
    address: (origin) => `Die Codes führen zu ${origin}.`,
    addressUnset: (origin) =>
      `Niemand hat dem Server seine öffentliche Adresse gesagt; deshalb führen die Codes wie dieser Browser zu ${origin}. Scannen Sie einen mit einem Telefon, bevor Sie sie aufhängen; die Technik stellt die Adresse mit --public-url ein.`,
    addressLocal: (origin) =>
      `Kein Telefon kann ${origin} erreichen: So nennt nur dieser Rechner sich selbst. Lassen Sie zuerst die Technik die öffentliche Adresse einstellen (--public-url).`,
    onlyStaff: 'Pflege, Technik und Administration drucken Schilder.',
  },
}

/** The texts of hand-overs between shifts, in German. */
export const handOverTexts: Dictionary['handOver'] = {
  title: 'Übergabe',
  subject: 'Was auf der Station offen ist, für alle, die den Dienst antreten.',
  ward: 'Station',
  noWards: 'Hier gehört kein Raum zu einer Station.',
  reload: 'Neu laden',
  print: 'Drucken',
  openNow: (ward, time) => `Offen auf ${ward}, ${time}`,
  nothing: 'Nichts ist offen. Alle Räume sind, wie sie sein sollen.',
  since: (when) => `seit ${when}`,
  kinds: {
    gassed: 'Begast: Niemand geht hinein',
    alarm: 'Alarm, den niemand gesehen hat',
    suspended: 'Unfertig',
    runNeedsPerson: 'Ein Roboter wartet auf eine Person',
    stat: 'Dringend',
    roomToEmpty: 'Jemand muss bestätigen, dass der Raum leer und das Bett abgezogen ist',
    toRelease: 'Freizugeben',
    missedSurfaces: 'Nicht erreichte Flächen',
    requestFailed: 'Kein Plan möglich',
    toApprove: 'Plan zu genehmigen',
    robotHeld: 'Roboter wird festgehalten',
    robotContaminated: 'Roboter ist zu dekontaminieren, bevor er hierher kommt',
    blocked: 'Gesperrt',
    running: 'Läuft',
    planning: 'Wird geplant',
    dirty: 'Unrein',
    isolated: 'Isoliert',
    robotOutOfService: 'Roboter außer Betrieb',
  },
  urgencies: {
    now: 'Jemand muss hingehen',
    soon: 'Wartet auf jemanden aus dieser Schicht',
    know: 'Zur Kenntnis',
  },
  notes: 'Hinweise für die nächste Schicht (optional)',
  notesWarning:
    'Keine Namen von Patientinnen oder Patienten, keine Geburtsdaten, keine Bettnummern mit Namen: Alle auf der Station können dies 90 Tage lang lesen.',
  notesLeft: (left) => `noch ${left} Zeichen`,
  tooLong: (over) => `${over} Zeichen zu viel`,
  give: 'Übergeben',
  given: 'Übergeben. Wer den Dienst antritt, übernimmt es, unter eigener Anmeldung.',
  readOnly: 'Pflege und Ärztlicher Dienst übergeben.',
  earlier: 'Früher übergeben',
  waitsForYou: 'Wartet auf Sie',
  none: 'Auf dieser Station wurde noch nichts übergeben.',
  by: (who, when) => `Von ${who}, ${when}`,
  takenBy: (who, when) => `Übernommen von ${who}, ${when}`,
  notTaken: 'Noch hat es niemand übernommen',
  waits: 'Wartet auf Übernahme',
  taken: 'Übernommen',
  take: 'Übernehmen',
  takeOf: (who, when) => `Übernehmen, was ${who} übergeben hat, ${when}`,
  noNotes: 'Keine Hinweise.',
  asItWas: 'Was damals offen war',
}
