import { wardError } from '@wardlight/core/errors'
import {
  POLL_EVERY_MS,
  type EncounterSource,
  type Hl7Destination,
  type Hl7Options,
} from '@wardlight/fleet-server'
import { textOfGivenFile } from './given-file.ts'
import type { ServerOptions } from './server-command.ts'

/**
 * What the command line says about HL7; nothing where neither is taken nor sent.
 *
 * @param fhirToken that the FHIR server which is asked for encounters wants
 * @throws WARD_ERR_OPTION for what does not go together, or cannot be read
 */
export async function hl7Options(
  options: Pick<
    ServerOptions,
    'hl7Port' | 'hl7TlsKey' | 'hl7TlsCert' | 'hl7Send' | 'hl7KeepDays' | 'fhirEncounters' | 'fhirPollSeconds'
  >,
  fhirToken?: string,
): Promise<Hl7Options | undefined> {
  const { hl7Port, hl7TlsKey, hl7TlsCert, hl7Send, hl7KeepDays } = options
  const encounters = encounterSource(options, fhirToken)
  if ((hl7TlsKey === undefined) !== (hl7TlsCert === undefined)) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'TLS needs both a key and a certificate',
      where: hl7TlsKey === undefined ? '--hl7-tls-key' : '--hl7-tls-cert',
      remedy: 'Give --hl7-tls-key and --hl7-tls-cert.',
    })
  }
  if (hl7Port === undefined && hl7TlsKey !== undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'TLS is for messages that are taken, and none are',
      where: '--hl7-port',
      remedy: 'Give --hl7-port as well.',
    })
  }
  if (hl7Port === undefined && hl7Send.length === 0 && encounters === undefined) return undefined
  return {
    port: hl7Port ?? null,
    tls:
      hl7TlsKey === undefined || hl7TlsCert === undefined
        ? null
        : {
            key: textOfGivenFile(hl7TlsKey, '--hl7-tls-key'),
            cert: textOfGivenFile(hl7TlsCert, '--hl7-tls-cert'),
          },
    sendTo: hl7Send.map(readDestination),
    encounters,
    keepDays: hl7KeepDays,
  }
}

/** The key in the file that was named, else of the environment. @throws WARD_ERR_OPTION */
export async function givenDataKey(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? process.env['WARDLIGHT_DATA_KEY'] : textOfGivenFile(file, '--data-key')
}

/** @throws WARD_ERR_OPTION */
function encounterSource(
  { fhirEncounters: url, fhirPollSeconds }: Pick<ServerOptions, 'fhirEncounters' | 'fhirPollSeconds'>,
  token: string | undefined,
): EncounterSource | undefined {
  if (url === undefined) return undefined
  const { protocol = '', search = '', hash = '', username = '' } = URL.canParse(url) ? new URL(url) : {}
  if (!/^https?:$/.test(protocol) || search !== '' || hash !== '' || username !== '') {
    throw wardError('WARD_ERR_OPTION', {
      what: `${JSON.stringify(url)} is no base of a FHIR server`,
      where: '--fhir-encounters',
      remedy: 'Give one like https://ehr.hospital.example/fhir, and its token in WARDLIGHT_FHIR_TOKEN.',
    })
  }
  return {
    url: url.replace(/\/+$/, ''),
    token: token === undefined || token === '' ? null : token,
    everyMs: fhirPollSeconds === undefined ? POLL_EVERY_MS : 1000 * fhirPollSeconds,
  }
}

/** @throws WARD_ERR_OPTION */
export function readDestination(text: string): Hl7Destination {
  const [, tls, bracketed, plain, digits] =
    /^(tls:\/\/)?(?:\[([^\]]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port, isTls: tls !== undefined }
  throw wardError('WARD_ERR_OPTION', {
    what: `${JSON.stringify(text)} is no system that can be told`,
    where: '--hl7-send',
    remedy: 'Give host:port, or tls://host:port.',
  })
}
