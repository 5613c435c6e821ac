-- What is proven of disinfection runs, signed and chained; and the keys that it is signed with.

create table signing_keys (
  -- SHA-256 of the public key's SPKI.
  key_id text primary key,
  -- Its 32 bytes as hex. Kept for ever: what was signed with it is checked by it.
  public_key text not null,
  -- PKCS8 PEM; null: it is kept in a file outside, or was retired.
  private_key text,
  created_at timestamptz(3) not null,
  retired_at timestamptz(3)
);

-- Rows are only ever added. No two follow the same one, whoever writes them.
create table proofs (
  sequence integer primary key,
  previous_sha256 text unique,
  sha256 text not null unique,
  mission_id text not null,
  kind text not null,
  issued_at timestamptz(3) not null,
  key_id text not null references signing_keys,
  -- The signed file as it goes out, byte by byte.
  file text not null
);
create index proofs_of_mission on proofs (mission_id, sequence);
