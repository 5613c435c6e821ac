import { describe, expect, it } from 'vitest'
import { pushOptions } from './push-options.ts'

describe('the options of devices', () => {
  it('are none where nobody is named', () => {
    expect(pushOptions({ pushService: [] })).toBeUndefined()
  })

  it('are a contact, and services besides those of the browsers', () => {
    const given = { pushContact: 'mailto:it@hospital.example', pushService: ['http://10.0.0.7:8000/'] }
    expect(pushOptions(given)).toEqual({
      contact: 'mailto:it@hospital.example',
      origins: ['http://10.0.0.7:8000'],
    })
    expect(pushOptions({ pushContact: 'https://fleet.hospital.example', pushService: [] })).toMatchObject({
      contact: 'https://fleet.hospital.example',
    })
  })

  it.each([
    [{ pushService: ['https://push.example'] }, '--push-contact'],
    [{ pushContact: 'it@hospital.example', pushService: [] }, '--push-contact'],
    [{ pushContact: 'mailto:nobody', pushService: [] }, '--push-contact'],
    [{ pushContact: 'http://fleet.example', pushService: [] }, '--push-contact'],
    [{ pushContact: 'mailto:it@hospital.example', pushService: ['push.example'] }, '--push-service'],
    [
      { pushContact: 'mailto:it@hospital.example', pushService: ['https://push.example/wpush'] },
      '--push-service',
    ],
    [{ pushContact: 'mailto:it@hospital.example', pushService: ['ftp://push.example'] }, '--push-service'],
  ])('name what is wrong in %j', (given, where) => {
    expect(() => pushOptions(given)).toThrow(expect.objectContaining({ where }) as Error)
  })
})
