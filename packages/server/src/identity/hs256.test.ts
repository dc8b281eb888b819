import { spaceId } from '@rejoin/base'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { devToken, hs256 } from './hs256.ts'
import type { DevTokenOptions } from './hs256.ts'

const secret = 'a secret of thirty-two bytes or more'
const nowMs = Date.UTC(2026, 0, 1)
const seconds = nowMs / 1000
const key = new TextEncoder().encode(secret)
const clock = { now: () => nowMs }
const authenticate = hs256(secret)(clock)
const base: DevTokenOptions = { secret, user: 'ada', tenant: 'acme', spaces: { s: 'editor' }, nowMs, lifeMs: 60_000 }

/** A token with other claims or another header. */
const sign = (claims: Record<string, unknown>, alg = 'HS256', with_ = key): Promise<string> =>
  new SignJWT({ sub: 'ada', tenant: 'acme', spaces: { s: 'editor' }, exp: seconds + 60, ...claims })
    .setProtectedHeader({ alg })
    .sign(with_)

const refusal = async (token: string, by = authenticate): Promise<string> => {
  const result = await by(token)
  return result.ok ? 'accepted' : result.error.kind
}

describe('hs256', () => {
  test('[SE120] a token says tenant, user and roles, and until when', async () => {
    const result = await authenticate(await devToken({ ...base, spaces: { s: 'viewer', t: 'owner' } }))
    if (!result.ok) throw new Error(result.error.message)
    const { tenant, user, roleIn, expiresMs } = result.value
    expect([tenant, user, expiresMs]).toEqual(['acme', 'ada', nowMs + 120_000])
    expect(['s', 't', 'u', 'toString'].map((name) => roleIn(spaceId(name)))).toEqual([
      'viewer',
      'owner',
      undefined,
      undefined,
    ])
    const everywhere = await authenticate(await devToken({ ...base, spaces: { '*': 'editor', 's': 'viewer' } }))
    expect(everywhere.ok && ['s', 'u'].map((name) => everywhere.value.roleIn(spaceId(name)))).toEqual([
      'viewer',
      'editor',
    ])
  })

  test('[SE121] every other token is refused, with the kind that says what to do', async () => {
    const good = await devToken(base)
    const none = `${btoa('{"alg":"none"}')}.${good.split('.')[1]}.`.replaceAll('=', '')
    const cases: Record<string, readonly [token: string, kind: string]> = {
      'good': [good, 'accepted'],
      'empty': ['', 'unauthenticated'],
      'no token': ['x.y.z', 'unauthenticated'],
      'alg none': [none, 'unauthenticated'],
      'another algorithm': [await sign({}, 'HS512', new Uint8Array(64)), 'unauthenticated'],
      'another secret': [await sign({}, 'HS256', new Uint8Array(32)), 'unauthenticated'],
      'changed': [good.replace(/.(?=[^.]*\.[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A')), 'unauthenticated'],
      'just expired': [await sign({ exp: seconds - 59 }), 'accepted'],
      'expired': [await sign({ exp: seconds - 61 }), 'token-expired'],
      'not yet': [await sign({ nbf: seconds + 61 }), 'unauthenticated'],
      'no end': [await sign({ exp: undefined }), 'unauthenticated'],
      'no user': [await sign({ sub: undefined }), 'unauthenticated'],
      'a user that is no id': [await sign({ sub: 'a/b' }), 'unauthenticated'],
      'the server as user': [await sign({ sub: '~server' }), 'unauthenticated'],
      'no tenant': [await sign({ tenant: undefined }), 'unauthenticated'],
      'a list of tenants': [await sign({ tenant: ['acme'] }), 'unauthenticated'],
      'no spaces': [await sign({ spaces: undefined }), 'unauthenticated'],
      'a list of spaces': [await sign({ spaces: ['s'] }), 'unauthenticated'],
      'an unknown role': [await sign({ spaces: { s: 'king' } }), 'unauthenticated'],
      'a space that is no id': [await sign({ spaces: { '../s': 'editor' } }), 'unauthenticated'],
      'over 8 KiB': [await sign({ padding: 'x'.repeat(8192) }), 'unauthenticated'],
    }
    for (const [what, [token, kind]] of Object.entries(cases))
      expect([what, await refusal(token)]).toEqual([what, kind])
  })

  test('[SE122] audience and issuer are asked for where they are given', async () => {
    const strict = hs256(secret, { audience: 'rejoin', issuer: 'idp' })(clock)
    expect(await refusal(await sign({ aud: 'rejoin', iss: 'idp' }), strict)).toBe('accepted')
    expect(await refusal(await sign({ aud: 'other', iss: 'idp' }), strict)).toBe('unauthenticated')
    expect(await refusal(await sign({ aud: 'rejoin' }), strict)).toBe('unauthenticated')
  })

  test('[SE123] weak secrets, bad roles and bad ids are refused where they are given', async () => {
    expect(() => hs256('short')).toThrow(expect.objectContaining({ kind: 'bad-config' }))
    const king: string = 'king'
    await expect(devToken({ ...base, spaces: { s: king as 'owner' } })).rejects.toMatchObject({ kind: 'bad-config' })
    await expect(devToken({ ...base, user: 'a b' })).rejects.toMatchObject({ kind: 'bad-id' })
    await expect(devToken({ ...base, spaces: { 'a/b': 'owner' } })).rejects.toMatchObject({ kind: 'bad-id' })
  })
})
