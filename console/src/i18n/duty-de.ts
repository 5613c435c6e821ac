import type { Dictionary } from './en.ts'

/** The texts of being on duty, in German. */
export const dutyTexts: Dictionary['duty'] = {
  title: 'Im Dienst',
  subject:
    'Solange Sie im Dienst sind, meldet Ihnen dieses Gerät Alarme, auch wenn keine Seite der Konsole geöffnet ist.',
  off: 'Auf diesem Gerät wird Ihnen nichts gemeldet.',
  on: (until) => `Dieses Gerät meldet Ihnen Alarme bis ${until}.`,
  others: (count) =>
    count === 1
      ? 'Sie sind noch mit einem anderen Gerät im Dienst.'
      : `Sie sind noch mit ${count} anderen Geräten im Dienst.`,
  endOthers: 'Dort beenden',
  hours: 'Wie lange',
  hoursChoice: (hours) => `${hours} Stunden`,
  begin: 'Dienst auf diesem Gerät beginnen',
  prolong: 'Ab jetzt so lange',
  end: 'Dienst beenden',
  trial: 'Probe senden',
  trialSent:
    'Die Probe ist unterwegs. Kommt innerhalb einer Minute nichts an, prüfen Sie die Einstellungen dieses Geräts für Benachrichtigungen.',
  trialFailed: (problem) => `Die Probe kam nicht durch: ${problem}.`,
  serverOff: {
    title: 'Dieser Server meldet nichts an Geräte',
    remedy:
      'Alarme stehen in der Konsole. Die IT Ihres Krankenhauses kann das Melden einschalten (--push-contact).',
  },
  unable: {
    title: 'Diesem Browser können keine Alarme gemeldet werden',
    remedy:
      'Verwenden Sie Chrome, Edge, Firefox oder Safari in aktueller Version. Auf iPhone oder iPad legen Sie die Konsole zuerst auf den Home-Bildschirm.',
  },
  insecure: {
    title: 'Nicht unter dieser Adresse',
    remedy:
      'Öffnen Sie die Konsole unter https: Unter anderen Adressen zeigen Browser keine Benachrichtigungen.',
  },
  blocked: {
    title: 'Benachrichtigungen sind in diesem Browser blockiert',
    remedy:
      'Erlauben Sie sie für diese Adresse in den Einstellungen des Browsers und laden Sie die Seite neu.',
  },
  refused: {
    title: 'Der Browser durfte keine Benachrichtigungen zeigen',
    remedy: 'Drücken Sie noch einmal und erlauben Sie sie.',
  },
  noService: {
    title: 'Der Push-Dienst des Browsers ist nicht erreichbar',
    remedy:
      'Dieses Gerät braucht dafür das Internet, das nicht jede Station hat. Alarme stehen in der Konsole.',
  },
}
