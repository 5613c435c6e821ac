import { describe, expect, it } from 'vitest'
import { givenDataKey, hl7Options, readDestination } from './hl7-options.ts'

const NONE = { hl7Send: [], hl7KeepDays: 30 }

describe('what the command line says about HL7', () => {
  it.each([
    ['beds.example:2575', { host: 'beds.example', port: 2575, isTls: false }],
    ['tls://beds.example:2576', { host: 'beds.example', port: 2576, isTls: true }],
    ['[fe80::1]:2575', { host: 'fe80::1', port: 2575, isTls: false }],
  ])('%s', (text, destination) => {
    expect(readDestination(text)).toEqual(destination)
  })

  it.each(['beds.example', ':2575', 'beds.example:0', 'beds.example:70000', 'http://beds.example:80'])(
    'refuses %s',
    (text) => {
      expect(() => readDestination(text)).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_OPTION' }) as Error,
      )
    },
  )

  it('is nothing where nothing is taken or sent, and whole or not at all where TLS is', async () => {
    expect(await hl7Options(NONE)).toBeUndefined()
    const half = hl7Options({ ...NONE, hl7Port: 2575, hl7TlsKey: 'key.pem' })
    await expect(half).rejects.toMatchObject({ code: 'WARD_ERR_OPTION', where: '--hl7-tls-cert' })
    const missing = givenDataKey('/nowhere/key')
    await expect(missing).rejects.toMatchObject({ code: 'WARD_ERR_OPTION', where: '--data-key' })
    expect(await hl7Options({ ...NONE, hl7Port: 2575 })).toMatchObject({ port: 2575, tls: null, sendTo: [] })
  })

  it('has a FHIR server asked who is where, by its base and token', async () => {
    const given = { ...NONE, fhirEncounters: 'https://ehr.example/fhir/' }
    expect(await hl7Options(given, 'secret')).toMatchObject({
      port: null,
      encounters: { url: 'https://ehr.example/fhir', token: 'secret', everyMs: 15_000 },
    })
    expect(await hl7Options({ ...given, fhirPollSeconds: 60 }, '')).toMatchObject({
      encounters: { token: null, everyMs: 60_000 },
    })
  })

  it.each([
    'ehr.example',
    'ftp://ehr.example',
    'https://ehr.example/fhir?x=1',
    'https://me@ehr.example/fhir',
  ])('asks no FHIR server at %s', async (fhirEncounters) => {
    await expect(hl7Options({ ...NONE, fhirEncounters })).rejects.toMatchObject({
      code: 'WARD_ERR_OPTION',
      where: '--fhir-encounters',
    })
  })
})
