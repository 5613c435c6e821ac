import Type, { type Static } from 'typebox'
import { GLASS_REASON } from './glass-reason.ts'
import { RoleSchema, UserSchema } from './views.ts'

const NullableText = Type.Union([Type.String(), Type.Null()])
/** What people may type as a password; what is too weak the server says. */
const Secret = Type.String({ minLength: 1, maxLength: 1000 })
const DisplayName = Type.String({ minLength: 1, maxLength: 100 })
const Wards = Type.Union([
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 200, uniqueItems: true }),
  Type.Null(),
])

/** What somebody who has shown a password must still do; until then a session may do nothing else. */
export const SignInStepSchema = Type.Enum(['secondFactor', 'newPassword', 'enrolment'])
export type SignInStep = Static<typeof SignInStepSchema>

/** Who is signed in, and how far. */
export const SessionViewSchema = Type.Object({
  ...UserSchema.properties,
  /** `null`: signed in. */
  next: Type.Union([SignInStepSchema, Type.Null()]),
  /** What the person can show as a second factor. */
  factors: Type.Array(Type.Enum(['totp', 'passkey', 'recoveryCode'])),
  /** Until then the person sees and does things in every ward, having said why; `null`: in their own only. */
  glassBrokenUntil: NullableText,
  /** Password and second factors are not kept here but by the hospital's own sign-in. */
  isFromProvider: Type.Boolean(),
})
export type SessionView = Static<typeof SessionViewSchema>

/** Why somebody has to get at rooms of other wards now. */
export const BrokenGlassSchema = Type.Object(
  { reason: Type.String(GLASS_REASON) },
  { additionalProperties: false },
)

export const NewPasswordSchema = Type.Object(
  {
    /** Not asked for where a one-time password was shown just now. */
    current: Type.Optional(Secret),
    next: Secret,
  },
  { additionalProperties: false },
)
export type NewPassword = Static<typeof NewPasswordSchema>

/** A session of one's own. */
export const OwnSessionSchema = Type.Object({
  id: Type.String(),
  isThisOne: Type.Boolean(),
  signedInAt: Type.String(),
  /** To the minute. */
  lastSeenAt: Type.String(),
  /** Address of the machine. */
  from: Type.String(),
  /** As far as it says: `Firefox on Windows`. */
  browser: Type.String(),
  means: Type.Enum(['password', 'passkey', 'provider']),
})
export type OwnSession = Static<typeof OwnSessionSchema>

/** Six digits of an authenticator, or a recovery code. */
export const SecondFactorCodeSchema = Type.Object(
  { code: Type.String({ minLength: 6, maxLength: 40 }) },
  { additionalProperties: false },
)
export type SecondFactorCode = Static<typeof SecondFactorCodeSchema>

export const PasskeyViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Type.String(),
  lastUsedAt: NullableText,
})
export type PasskeyView = Static<typeof PasskeyViewSchema>

export const SecondFactorsViewSchema = Type.Object({
  /** Since when; `null`: there is none. */
  totpSince: NullableText,
  recoveryCodesLeft: Type.Integer({ minimum: 0 }),
  passkeys: Type.Array(PasskeyViewSchema),
  /** An administrator wants one. */
  isRequired: Type.Boolean(),
})
export type SecondFactorsView = Static<typeof SecondFactorsViewSchema>

/** What an authenticator has to know; shown once. */
export const TotpEnrolmentSchema = Type.Object({
  /** `otpauth://totp/…`, for a QR code. */
  uri: Type.String(),
  /** Base32, to be typed. */
  secret: Type.String(),
})
export type TotpEnrolment = Static<typeof TotpEnrolmentSchema>

/** Shown once; each is good once. */
export const RecoveryCodesSchema = Type.Object({ recoveryCodes: Type.Array(Type.String()) })
export type RecoveryCodes = Static<typeof RecoveryCodesSchema>

/** What a browser is asked for, as WebAuthn Level 3 writes it in JSON, and by which the answer is known again. */
export const PasskeyChallengeSchema = Type.Object({
  challengeId: Type.String(),
  options: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })),
})
export type PasskeyChallenge = Static<typeof PasskeyChallengeSchema>

/** What the browser answered, in the same JSON. */
export const PasskeyAnswerSchema = Type.Object(
  {
    challengeId: Type.String({ minLength: 1, maxLength: 100 }),
    response: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })),
  },
  { additionalProperties: false },
)
export type PasskeyAnswer = Static<typeof PasskeyAnswerSchema>

const PasskeyName = Type.String({ minLength: 1, maxLength: 60 })
export const NewPasskeySchema = Type.Object(
  { ...PasskeyAnswerSchema.properties, name: PasskeyName },
  { additionalProperties: false },
)
export type NewPasskey = Static<typeof NewPasskeySchema>
export const PasskeyRenamingSchema = Type.Object({ name: PasskeyName }, { additionalProperties: false })
export type PasskeyRenaming = Static<typeof PasskeyRenamingSchema>

/** An account as administrators see it. */
export const AccountViewSchema = Type.Object({
  ...UserSchema.properties,
  isDisabled: Type.Boolean(),
  /** Of the demo: its password is public and stays as it is. */
  isDemo: Type.Boolean(),
  isFromProvider: Type.Boolean(),
  mustUseSecondFactor: Type.Boolean(),
  mustChangePassword: Type.Boolean(),
  hasTotp: Type.Boolean(),
  passkeys: Type.Integer({ minimum: 0 }),
  /** Too many wrong passwords or codes: until then; `null`: it is not locked. */
  lockedUntil: NullableText,
  createdAt: Type.String(),
  lastSignInAt: NullableText,
})
export type AccountView = Static<typeof AccountViewSchema>

export const NewAccountSchema = Type.Object(
  {
    /** To sign in with. */
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]*$', maxLength: 60 }),
    displayName: DisplayName,
    role: RoleSchema,
    /** Left out: all wards. */
    wards: Type.Optional(Wards),
    mustUseSecondFactor: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type NewAccount = Static<typeof NewAccountSchema>

export const AccountPatchSchema = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    role: Type.Optional(RoleSchema),
    wards: Type.Optional(Wards),
    isDisabled: Type.Optional(Type.Boolean()),
    mustUseSecondFactor: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type AccountPatch = Static<typeof AccountPatchSchema>

export const InvitationSchema = Type.Object({
  account: AccountViewSchema,
  /** Shown once; to be changed at the first sign-in. */
  oneTimePassword: Type.String(),
  goodUntil: Type.String(),
})
export type Invitation = Static<typeof InvitationSchema>

/** Why the hospital's own sign-in led to nothing, as its address says it. */
export const ProviderProblemSchema = Type.Enum(['no-role', 'disabled', 'failed'])
export type ProviderProblem = Static<typeof ProviderProblemSchema>
