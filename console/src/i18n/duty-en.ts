/** The texts of being on duty, in English. */
export const dutyTexts = {
  title: 'On duty',
  subject:
    'While you are on duty this device tells you of alarms, also while no page of the console is open.',
  off: 'You are not told of anything on this device.',
  on: (until: string) => `This device tells you of alarms until ${until}.`,
  others: (count: number) =>
    count === 1 ? 'You are on duty with one other device.' : `You are on duty with ${count} other devices.`,
  endOthers: 'End it there',
  hours: 'For how long',
  hoursChoice: (hours: number) => `${hours} hours`,
  begin: 'Begin duty on this device',
  prolong: 'From now on, so long',
  end: 'End duty',
  trial: 'Send a try',
  trialSent:
    'The try is on its way. If nothing comes within a minute, look at this device’s settings for notifications.',
  trialFailed: (problem: string) => `The try did not go through: ${problem}.`,
  serverOff: {
    title: 'This server tells no devices',
    remedy: 'Alarms are shown in the console. The IT of your hospital can switch this on (--push-contact).',
  },
  unable: {
    title: 'This browser cannot be told of alarms',
    remedy:
      'Use a current Chrome, Edge, Firefox or Safari. On an iPhone or iPad add the console to the home screen first.',
  },
  insecure: {
    title: 'Not on this address',
    remedy: 'Open the console under https: browsers show notifications of no other address.',
  },
  blocked: {
    title: 'Notifications are blocked in this browser',
    remedy: 'Allow them for this address in the browser’s settings, and load the page again.',
  },
  refused: {
    title: 'The browser was not allowed to show notifications',
    remedy: 'Press again, and allow them.',
  },
  noService: {
    title: 'The browser’s push service cannot be reached',
    remedy:
      'This device needs the internet for it, which not every ward has. Alarms are shown in the console.',
  },
}
