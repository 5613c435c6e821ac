import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { MOST_REFLECTANCE, type PeroxideMethod } from '@wardlight/core/disinfection'
import { isWardError, wardError } from '@wardlight/core/errors'
import { KEEP_DAYS } from '@wardlight/fleet-server'
import { WIRE_VERSIONS } from '@wardlight/core/vda5050'
import { runAuditExport, runAuditVerify } from './audit-command.ts'
import { runBackup, runExport, runRestore } from './backup-command.ts'
import { runConformanceCommand } from './conformance/conformance-command.ts'
import { printNight } from './demo/night-result.ts'
import { runCombinedDemo } from './demo/run-combined-demo.ts'
import { runNightDemo } from './demo/run-night-demo.ts'
import { runDemo } from './demo/run-demo.ts'
import { printDemo } from './demo/print-demo.ts'
import { printErrandDemo } from './demo/print-errand-demo.ts'
import { printPeroxideDemo } from './demo/print-peroxide-demo.ts'
import { runErrandDemo } from './demo/run-errand-demo.ts'
import { runPeroxideDemo } from './demo/run-peroxide-demo.ts'
import { runHl7MessageCommand } from './hl7-message-command.ts'
import { runMapCommand } from './map-command.ts'
import { runPlanCommand } from './plan/plan-command.ts'
import { exportProofs } from './proofs-export-command.ts'
import { runServerCommand } from './server-command.ts'
import { runRobotsCommand } from './robots-command.ts'
import { runStartCommand } from './start-command.ts'
import { verifyProofs } from './verify-command.ts'
import { version } from './version.ts'

const succeeded = 0
const failed = 1
const notProven = 3

/**
 * The `wardlight` command.
 *
 * @param args what stands behind `wardlight` on the command line
 * @returns the exit code: 0 done, 1 an error or a proof that does not hold, 2 a proof of which nobody knows whose it is, 3 a
 *   demonstration that did not end proven
 */
export async function runWardlight(args: readonly string[]): Promise<number> {
  let exitCode = succeeded
  const program = new Command('wardlight')
    .description('Fleet controller for hospital disinfection and ward robots')
    .version(version)
    // What stands behind a command is the command's: `conformance --version` is that of the standard.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(wardlight --help tells more)')

  program
    .command('start')
    .description(
      'start the whole on embedded parts: database, broker, simulated hospital, robots, server, console',
    )
    .option('--map <file>', 'floor plan: ours, Open-RMF *.building.yaml, or ROS map_server YAML')
    .option('--data <dir>', "where the database and the robots' memories live", '.wardlight')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port of the console', wholeNumber(0, 65_535), 8080)
    .option('--mqtt-port <number>', 'port of the broker', wholeNumber(0, 65_535), 1883)
    .option('--robots <number>', 'simulated robots per level', wholeNumber(1, 20), 2)
    .option('--speed <factor>', 'simulated time against real time', positive, 1)
    .option('--seed <number>', 'seed of the simulation', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--hl7-port <number>', 'port where messages of HL7 v2 are taken (MLLP)', wholeNumber(0, 65_535))
    .option(
      '--push-contact <address>',
      'tells people of alarms on their devices; mailto:… or https://…, where push services can write about this server',
    )
    .option(
      '--push-service <origin>',
      'a push service besides those of the browsers, several times',
      (one: string, before: readonly string[]) => [...before, one],
      [] as readonly string[],
    )
    .action(async (options) => {
      await runStartCommand(options)
    })

  program
    .command('demo')
    .description(
      'disinfect one room without a browser, from request to report, on free ports and a temporary folder',
    )
    .option('--map <file>', 'floor plan; by default the sample hospital')
    .option('--level <name>', 'level of the room')
    .option('--room <name>', "the room, by its own name, its door's or its waypoint's")
    .option(
      '--rooms <names>',
      'a night of several rooms, with commas between, or all; on all levels, over lifts',
    )
    .option('--organism <id>', 'organism to act against', 'sars-cov-2')
    .option('--log <number>', 'target log reduction', positive, 3)
    .option('--robots <number>', 'simulated robots', wholeNumber(1, 20), 1)
    .option('--unit', 'a unit that is fixed in the room gives the light; by default in a bathroom', false)
    .addOption(
      new Option(
        '--speed <factor>',
        'simulated time against real time; by default as fast as the machine can',
      ).argParser(positive),
    )
    .option('--seed <number>', 'seed of the simulation', wholeNumber(0, 2 ** 31 - 1), 1)
    .option(
      '--person-enters <seconds>',
      'a person walks in this long after the lamp was first lit',
      notNegative,
    )
    .option(
      '--door-opens <seconds>',
      'a door of the room opens this long after the lamp was first lit',
      notNegative,
    )
    .option(
      '--furniture-moved <seconds>',
      'somebody leaves a trolley in the room this long after the lamp was first lit',
      notNegative,
    )
    .option(
      '--lamp-fails <seconds>',
      'a tube of the lamp fails this long after the lamp was first lit',
      notNegative,
    )
    .option(
      '--kill-agent <seconds>',
      "the robot's program is killed this long after the lamp was first lit, and started again",
      notNegative,
    )
    .option(
      '--network-lost <from:to>',
      'the robots are off the network between these seconds after the lamp was first lit',
      span,
    )
    .option(
      '--rearm <times>',
      'how often the nurse arms again after an interlock, once nothing hinders it',
      wholeNumber(0, 100),
      0,
    )
    .addOption(
      new Option(
        '--method <method>',
        'light; a cycle of hydrogen peroxide (vapour, aerosol) that the robot runs without a server, events counting from the first gas; or light and then vapour by a protocol',
      )
        .choices(['uv', 'hpv', 'ahp', 'combined'])
        .default('uv'),
    )
    .option('--visit', "no treatment: a visit to the room's bed, driven by hand, the line breaking", false)
    .option('--dock', 'no treatment, or after the visit: back into the dock, and charge', false)
    .option('--json', 'print the result as one JSON object', false)
    .action(async ({ method, visit, dock, rooms, ...options }) => {
      if (options.unit && (rooms !== undefined || visit || dock || method !== 'uv')) {
        throw wardError('WARD_ERR_OPTION', {
          what: '--unit gives light in one room, and nothing else',
          remedy: 'Leave out --rooms, --visit, --dock and --method, or --unit.',
        })
      }
      if (rooms !== undefined) {
        const result = await runNightDemo({ ...options, rooms })
        process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : printNight(result))
        exitCode = result.verdict === 'complete' ? succeeded : notProven
        return
      }
      if (visit || dock) {
        const result = await runErrandDemo({ ...options, visit, dock })
        process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : printErrandDemo(result))
        exitCode = result.verdict === 'completed' ? succeeded : notProven
        return
      }
      if (method === 'combined') {
        const result = await runCombinedDemo(options)
        process.stdout.write(
          options.json ? `${JSON.stringify(result, null, 2)}\n` : `${result.words.join('\n')}\n`,
        )
        exitCode = result.verdict === 'proven' ? succeeded : notProven
        return
      }
      if (method !== 'uv') {
        const result = await runPeroxideDemo({ ...options, method: method as PeroxideMethod })
        process.stdout.write(
          options.json ? `${JSON.stringify(result, null, 2)}\n` : printPeroxideDemo(result),
        )
        exitCode = result.verdict === 'proven' ? succeeded : notProven
        return
      }
      const result = await runDemo(options)
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : printDemo(result))
      exitCode = result.verdict === 'proven' ? succeeded : notProven
    })

  program
    .command('map')
    .description('what a floor plan holds: levels, rooms, doors, lifts, docks, problems')
    .argument('<file>', 'floor plan: ours, Open-RMF *.building.yaml, or ROS map_server YAML')
    .option('--json', 'print it as one JSON object', false)
    .action((file: string, options: { json: boolean }) => {
      process.stdout.write(runMapCommand(file, options))
    })

  program
    .command('plan')
    .description(
      'where a robot stops in a room, how long and in which order, and what its light cannot reach',
    )
    .option('--map <file>', 'floor plan: ours, Open-RMF *.building.yaml, or ROS map_server YAML')
    .option('--room <name>', "the room, by its own name, its door's or its waypoint's")
    .option('--level <name>', 'level of the room')
    .option('--organism <id>', 'organism to act against; by default sars-cov-2')
    .option('--protocol <id>', 'plan the light that a shipped protocol asks for')
    .addOption(new Option('--log <number>', 'target log reduction; by default 3').argParser(positive))
    .addOption(new Option('--dose <mJ/cm²>', 'target dose, instead of an organism').argParser(positive))
    .option('--robot <file>', "a robot's configuration: its size, speed and lamp")
    .addOption(new Option('--grid <metres>', 'spacing of the stops to choose from').argParser(positive))
    .option('--fewest-stops', 'as few stops as suffice within one arming, instead of the least time')
    .option('--high-touch-first', 'rails, handles, taps and the like before everything else')
    .addOption(
      new Option('--budget <minutes>', 'promise as much as light and ways can do in so long').argParser(
        positive,
      ),
    )
    .option('--lit-on-ways', 'keep the lamp lit from stop to stop, and count that')
    .addOption(
      new Option(
        '--reflectance <share>',
        'predict with surfaces that throw back so much, 0 to 0.9; no robot takes such a plan',
      ).argParser(share),
    )
    .option('--floor', 'the floor is to get its dose too')
    .addOption(
      new Option('--method <method>', 'predict a cycle of hydrogen peroxide, vapour or aerosol').choices([
        'hpv',
        'ahp',
      ]),
    )
    .option('--taped', "the gaps of the room's doors are taped")
    .addOption(new Option('--temperature <°C>', 'of the room now').argParser(wholeNumber(-20, 60)))
    .addOption(
      new Option('--humidity <percent>', 'relative humidity of the room now').argParser(wholeNumber(0, 100)),
    )
    .option('--polygons <file>', 'plan the rooms of a file in the planar benchmark form instead')
    .option('--png <file>', 'draw the room from above, with stops, ways, dose and what is not promised')
    .option('--json', 'print the plan as one JSON object', false)
    .action(async (options) => {
      process.stdout.write(await runPlanCommand(options))
    })

  program
    .command('server')
    .description(
      'run a fleet server: broker, database, API and console; with DATABASE_URL and MQTT_URL as one of several',
    )
    .option('--map <file>', 'floor plan')
    .option('--data <dir>', 'where the database lives', '.wardlight')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port of the console', wholeNumber(0, 65_535), 8080)
    .option('--mqtt-port <number>', 'port of the broker', wholeNumber(0, 65_535), 1883)
    .option(
      '--advertise <url>',
      'where robots and the other servers reach this one; by default where it listens',
    )
    .option(
      '--robot <manufacturer/serial>',
      'a robot that may connect, with its password in WARDLIGHT_ROBOT_PASSWORD',
    )
    .addOption(
      new Option(
        '--vda5050 <version>',
        'what that robot speaks; by default what it is heard to speak',
      ).choices([...WIRE_VERSIONS]),
    )
    .option('--demo-users', 'make accounts to try it with, and show them at sign-in', false)
    .option(
      '--building <url>',
      "MQTT broker behind which the lifts are, in Open-RMF's messages as JSON; without it robots stay on their levels",
    )
    .option(
      '--building-doors <ids>',
      'doors behind it, too: they stay shut before a robot until they are asked',
    )
    .option('--no-send-maps', "send robots no maps: those of the plan are not as good as the robots' own")
    .option(
      '--release-ahead <metres>',
      'how much of its way a robot is released at a time; by default 5, and all of it where no other one drives',
      positive,
    )
    .option(
      '--signing-key <file>',
      'PKCS8 PEM of an Ed25519 key that proofs are signed with; by default one that is made once and kept in the database',
    )
    .option(
      '--allow-contaminated',
      'send robots also where they bring what they carry, and only tell people; else somebody decontaminates them first',
      false,
    )
    .option('--hl7-port <number>', 'port where messages of HL7 v2 are taken (MLLP)', wholeNumber(0, 65_535))
    .option('--hl7-tls-key <file>', 'its key, as PEM: lines are under TLS then')
    .option('--hl7-tls-cert <file>', 'its certificate, as PEM')
    .option(
      '--hl7-send <host:port>',
      'a system that is told what became of beds (ADT^A20); tls://host:port under TLS; may be given several times',
      (one: string, before: readonly string[]) => [...before, one],
      [] as readonly string[],
    )
    .option('--hl7-keep-days <number>', 'how long messages are kept, sealed', wholeNumber(1, 3650), KEEP_DAYS)
    .option(
      '--fhir-encounters <url>',
      'base of a FHIR R4 server that is asked who is in which room; its token stands in WARDLIGHT_FHIR_TOKEN',
    )
    .option(
      '--fhir-poll-seconds <number>',
      'how often it is asked; by default every 15 s',
      wholeNumber(1, 3600),
    )
    .option(
      '--data-key <file>',
      'key of what is sealed in the database, 32 bytes as hex or base64; by default from WARDLIGHT_DATA_KEY, else data.key in --data',
    )
    .option('--public-url <url>', 'under which people open the console; by default as their browser says')
    .option(
      '--shift-ends <times>',
      'when shifts end by the clocks of the hospital; by default 06:00,14:00,22:00',
      clockTimes,
    )
    .option(
      '--session-idle-minutes <number>',
      'a session that nobody uses for so long ends; by default it ends 12 h after signing in only',
      wholeNumber(1, 720),
    )
    .option(
      '--oidc-issuer <url>',
      "the hospital's own sign-in (OpenID Connect); the client's secret stands in WARDLIGHT_OIDC_CLIENT_SECRET",
    )
    .option('--oidc-client-id <id>', 'by which it knows this server')
    .option('--oidc-label <text>', 'what people know it as', 'Hospital account')
    .option('--oidc-roles-claim <claim>', "where it says a person's groups", 'groups')
    .option(
      '--oidc-role <role=group>',
      'the role of a group, several times; the first that fits counts',
      (one: string, before: readonly string[]) => [...before, one],
      [] as readonly string[],
    )
    .option(
      '--oidc-wards-claim <claim>',
      "where it says a person's wards; by default administrators set them",
    )
    .option(
      '--push-contact <address>',
      'tells people of alarms on their devices; mailto:… or https://…, where push services can write about this server',
    )
    .option(
      '--push-service <origin>',
      'a push service besides those of the browsers, several times',
      (one: string, before: readonly string[]) => [...before, one],
      [] as readonly string[],
    )
    .addOption(
      new Option(
        '--metrics-token <token>',
        'who has it may read GET /metrics; else whoever is on this machine',
      ).env('WARDLIGHT_METRICS_TOKEN'),
    )
    .action(async (options) => {
      await runServerCommand(options)
    })

  const audit = program.command('audit').description('the record of who did what')
  audit
    .command('verify')
    .description('find any entry that was changed, removed or moved; of the database, or of an exported file')
    .argument('[file]', 'that `audit export` or the console wrote; left out, the database is read')
    .option('--data <dir>', 'where the database lives, without DATABASE_URL', '.wardlight')
    .option('--known <sequence:hash...>', 'entries that earlier checks have printed')
    .option('--json', 'print the verdict as one JSON object', false)
    .action(async (file: string | undefined, options) => {
      const { text, exitCode } = await runAuditVerify(file, options)
      process.stdout.write(text)
      process.exitCode = exitCode
    })
  audit
    .command('export')
    .description('write the record to a file, which can be verified on another machine')
    .requiredOption('--out <file>', 'a new file')
    .option('--data <dir>', 'where the database lives, without DATABASE_URL', '.wardlight')
    .action((options) => runAuditExport(options.out, options))

  program
    .command('backup')
    .description(
      'write the whole database into one file, as it is at one moment; an embedded one of a running server with --server',
    )
    .requiredOption('--out <file>', 'a new file')
    .option('--data <dir>', 'where the embedded database lives, without DATABASE_URL', '.wardlight')
    .option('--server <url>', 'the running server that makes it')
    .option('--user <name>', 'an administrator there, with the password in WARDLIGHT_PASSWORD')
    .action(async (options) => {
      process.stdout.write(await runBackup(options, process.env))
    })
  program
    .command('restore')
    .description(
      'bring a backup into an empty database, embedded or PostgreSQL by DATABASE_URL: all or nothing',
    )
    .argument('<file>', 'that `wardlight backup` wrote, on whichever of the two')
    .option('--data <dir>', 'where the embedded database is to live, without DATABASE_URL', '.wardlight')
    .action(async (file: string, options) => {
      process.stdout.write(await runRestore(file, options, process.env))
    })
  program
    .command('export')
    .description(
      'write rooms, requests, missions, alarms and the audit record as JSON lines, for analyses; an embedded database must not be in use',
    )
    .requiredOption('--out <dir>', 'a folder; files that are there already are left alone')
    .option('--data <dir>', 'where the embedded database lives, without DATABASE_URL', '.wardlight')
    .action(async (options) => {
      process.stdout.write(await runExport(options.out, options, process.env))
    })

  program
    .command('hl7-message')
    .description(
      "print a message of the hospital's systems as it came, for who has the key; the server on an embedded database is to be stopped before",
    )
    .argument('<id>', 'as GET /api/hl7/messages has it')
    .option('--data <dir>', 'where the database lives', '.wardlight')
    .option(
      '--data-key <file>',
      'key of the data; by default from WARDLIGHT_DATA_KEY, else data.key in --data',
    )
    .action(async (id, options) => {
      process.stdout.write(await runHl7MessageCommand(id, options))
    })

  program
    .command('robots')
    .description('run one simulated robot in its simulated hospital against a fleet server')
    .option('--map <file>', 'floor plan')
    .option('--level <name>', 'level that the robot is on')
    .option('--data <dir>', 'where the robot remembers its mission and its place', '.wardlight')
    .requiredOption('--mqtt <url>', 'the broker, for example mqtt://127.0.0.1:1883')
    .requiredOption(
      '--robot <manufacturer/serial>',
      'who it is; its password stands in WARDLIGHT_ROBOT_PASSWORD',
    )
    .addOption(
      new Option('--vda5050 <version>', 'what it speaks with its fleet')
        .choices([...WIRE_VERSIONS])
        .default('3.0'),
    )
    .addOption(
      new Option('--gas <method>', 'it has a generator of hydrogen peroxide beside its lamp').choices([
        'hpv',
        'ahp',
      ]),
    )
    .option(
      '--screen-port <port>',
      'where it serves its own screen on 127.0.0.1; 0 takes any that is free',
      wholeNumber(0, 65_535),
    )
    .option('--speed <factor>', 'simulated time against real time', positive, 1)
    .option('--seed <number>', 'seed of the simulation', wholeNumber(0, 2 ** 31 - 1), 1)
    .action(async (options) => {
      await runRobotsCommand(options)
    })

  program
    .command('verify')
    .description(
      'check signed proofs, JSON or PDF, without a network: 0 they hold, 1 something was changed, 2 unchanged and nobody knows by whom',
    )
    .argument('<files...>', 'proofs, or folders of them; several are checked as a chain too')
    .option('--key <file>', 'public keys of the hospital, PEM')
    .option('--first <number>', 'where the chain has to begin', wholeNumber(1, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--last <number>', 'where it has to end; else what is missing there is not seen').argParser(
        wholeNumber(1, 2 ** 31 - 1),
      ),
    )
    .option('--json', 'print the result as one JSON object', false)
    .action((files: readonly string[], options) => {
      const verification = verifyProofs(files, options)
      process.stdout.write(verification.text)
      exitCode = verification.exitCode
    })

  program
    .command('proofs')
    .description('proofs of a running server')
    .command('export')
    .description('take all signed proofs and the public keys into a folder, for whoever is to check them')
    .requiredOption('--out <folder>', 'where they go; what is there already stays')
    .option('--server <url>', 'the server', 'http://127.0.0.1:8080')
    .requiredOption('--user <name>', 'who signs in, with the password in WARDLIGHT_PASSWORD')
    .option('--pdf', 'PDFs as well', false)
    .action(async (options) => {
      process.stdout.write(await exportProofs(options, process.env))
    })

  program
    .command('conformance')
    .description('test any implementation of VDA 5050 against numbered checks, each with its clause')
    .addOption(
      new Option('--side <side>', 'what is tested').choices(['robot', 'fleet']).makeOptionMandatory(),
    )
    .requiredOption(
      '--broker <url>',
      'the broker between, for example mqtt://127.0.0.1:1883; a password stands in WARDLIGHT_MQTT_PASSWORD',
    )
    .option('--username <name>', 'under which the kit enters the broker')
    .requiredOption(
      '--robot <manufacturer/serial>',
      'the robot: idle and with room to drive, or the one that the kit plays to the fleet',
    )
    .addOption(new Option('--version <version>', 'of VDA 5050').choices(['2.1', '3.0']).makeOptionMandatory())
    .option(
      '--nodes <places>',
      'three free places to drive to, x,y;x,y;x,y; by default 1.5, 3 and 4.5 m straight ahead',
    )
    .option('--map-id <id>', 'map of the places; by default the one that the robot stands on')
    .option('--answer <seconds>', 'how long an answer may take', positive, 5)
    .option('--drive <seconds>', 'how long a way may take', positive, 60)
    .option('--cut-line <command>', 'cuts the robot off the network, to test its last will')
    .option('--mend-line <command>', 'lets it back')
    .option(
      '--map-file <file>',
      'robot side: a file that is a map to the robot, of the level where it stands',
    )
    .option(
      '--map-host <address>',
      'robot side: address of this machine under which the robot gets that file',
      '127.0.0.1',
    )
    .option(
      '--node-action <json>',
      'robot side: an action of nodes, HARD, that it can do alone: {"actionType":"…","actionParameters":[…]}',
    )
    .option('--at <place>', 'fleet side: where on its map the robot stands at first, x,y or x,y,theta')
    .option('--actions <types>', 'fleet side: actions of nodes that the robot declares, separated by commas')
    .option('--speed <mps>', 'fleet side: how fast the robot drives', positive, 1)
    .option(
      '--order-command <command>',
      'fleet side: is run with WARDLIGHT_WISH=order, cancel, pause or resume when the kit wants that of the fleet',
    )
    .option(
      '--prompt <seconds>',
      'fleet side: say on the terminal what is wanted, and wait so long',
      positive,
    )
    .option('--quiet <seconds>', 'fleet side: how long it is watched that nothing comes', positive, 5)
    .option('--json <file>', 'write the report as JSON')
    .option('--junit <file>', 'write the report as JUnit XML')
    .action(async (options) => {
      exitCode = (await runConformanceCommand(options)) ? succeeded : failed
    })

  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? succeeded : failed
    process.stderr.write(
      isWardError(error)
        ? `wardlight: ${error.message} [${error.code}]\n`
        : `wardlight: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    return failed
  }
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

function clockTimes(text: string): readonly string[] {
  const times = text.split(',').map((time) => time.trim())
  if (!times.every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time))) {
    throw new InvalidArgumentError('It takes times of a day with commas between, like 06:00,14:00,22:00.')
  }
  return times
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It takes a number above 0.')
  return value
}

function span(text: string): { fromS: number; toS: number } {
  const parts = text.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const [fromS, toS] = parts
  if (parts.length !== 2 || !(fromS! >= 0 && toS! > fromS! && Number.isFinite(toS))) {
    throw new InvalidArgumentError('It takes two numbers of seconds, the second one larger: 60:180.')
  }
  return { fromS: fromS!, toS: toS! }
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= MOST_REFLECTANCE)) {
    throw new InvalidArgumentError(`It takes a number from 0 to ${MOST_REFLECTANCE}.`)
  }
  return value
}

function notNegative(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It takes a number of seconds, 0 or more.')
  }
  return value
}
