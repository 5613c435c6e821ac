import { describe, expect, it } from 'vitest'
import { isPushService, KNOWN_PUSH_HOSTS } from './push-services.ts'

const allowed = { hosts: KNOWN_PUSH_HOSTS, origins: ['http://127.0.0.1:8000'] }

describe('where browsers may have this server write to', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
    'http://127.0.0.1:8000/push/1',
  ])('is %s', (endpoint) => {
    expect(isPushService(endpoint, allowed)).toBe(true)
  })

  it.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/abc',
    'https://fcm.googleapis.com.evil.example/abc',
    'https://evil.example/fcm.googleapis.com',
    'https://fcm.googleapis.com@evil.example/abc',
    'https://somebody@fcm.googleapis.com/abc',
    'https://notpush.apple.com/abc',
    'https://push.apple.com/abc',
    'https://169.254.169.254/latest',
    'http://127.0.0.1:8001/push/1',
    'https://127.0.0.1:8000/push/1',
    'nowhere',
  ])('is not %s', (endpoint) => {
    expect(isPushService(endpoint, allowed)).toBe(false)
  })
})
