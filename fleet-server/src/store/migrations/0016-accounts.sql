-- People's accounts: auditors, wards, invitations, second factors, who is signed in where.

alter table users drop constraint users_role_check;
alter table users add constraint users_role_check
  check (role in ('nurse', 'clinician', 'engineer', 'administrator', 'auditor'));
-- Null: the hospital's own sign-in knows the password.
alter table users alter column password_hash drop not null;
-- Null: all of them.
alter table users add column wards json;
alter table users add column is_disabled boolean not null default false;
alter table users add column must_use_second_factor boolean not null default false;
alter table users add column must_change_password boolean not null default false;
-- Of a one-time password.
alter table users add column password_good_until timestamptz(3);
alter table users add column last_sign_in_at timestamptz(3);
alter table users add column oidc_issuer text;
alter table users add column oidc_subject text;
alter table users add constraint users_oidc_unique unique (oidc_issuer, oidc_subject);

-- Older sessions do not say where they were begun: their people sign in once more.
delete from sessions;
alter table sessions add column id text not null unique;
alter table sessions add column last_seen_at timestamptz(3) not null;
-- What is still to be done before it may do anything.
alter table sessions add column next_step text check (next_step in ('secondFactor', 'newPassword', 'enrolment'));
alter table sessions add column client_address text not null;
alter table sessions add column browser text not null;
alter table sessions add column means text not null check (means in ('password', 'passkey', 'provider'));
-- Of the session at the hospital's own sign-in.
alter table sessions add column oidc_sid text;
create index sessions_user on sessions (user_id);

-- Tries that failed, by what was tried: names nobody has are counted like others, and only as hashes.
create table sign_in_tries (
  key text primary key,
  count integer not null,
  counted_at timestamptz(3) not null,
  next_at timestamptz(3) not null
);

create table totp_factors (
  user_id text primary key references users (id) on delete cascade,
  sealed_secret text not null,
  created_at timestamptz(3) not null,
  -- Null: a first code has not been shown yet.
  confirmed_at timestamptz(3),
  -- Time step of the last code that was taken; none is taken twice.
  last_step bigint not null default 0
);

create table recovery_codes (
  user_id text not null references users (id) on delete cascade,
  code_hash text not null,
  primary key (user_id, code_hash)
);

create table passkeys (
  -- Credential id, base64url.
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  name text not null,
  -- COSE key, base64url.
  public_key text not null,
  counter bigint not null,
  transports json not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3)
);
create index passkeys_user on passkeys (user_id);

-- What was asked of a browser and is answered once.
create table sign_in_challenges (
  id_hash text primary key,
  purpose text not null,
  user_id text references users (id) on delete cascade,
  content json not null,
  expires_at timestamptz(3) not null
);
