import type { DurableFormat } from '@rejoin/storage/sqlite'

/** The layout of the server's database. A change of it is a new version. `sum` is the checksum of a row's other columns. */
export const logFormat: DurableFormat = {
  name: 'Rejoin server log',
  id: 0x524a5356,
  version: 3,
  schema: `
    CREATE TABLE spaces (
      number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, space TEXT NOT NULL, epoch TEXT NOT NULL,
      head INTEGER NOT NULL, hash BLOB NOT NULL, documents INTEGER NOT NULL, writers INTEGER NOT NULL,
      sum INTEGER NOT NULL,
      UNIQUE (tenant, space)
    ) STRICT;
    CREATE TABLE documents (
      space INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,
      generation INTEGER NOT NULL, generation_id TEXT NOT NULL, encoding INTEGER NOT NULL,
      folded_to INTEGER NOT NULL, folded_bytes INTEGER NOT NULL,
      tail_entries INTEGER NOT NULL, tail_bytes INTEGER NOT NULL, isolated INTEGER NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (space, number)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX documents_by_key ON documents (space, key);
    CREATE TABLE entries (
      space INTEGER NOT NULL, seq INTEGER NOT NULL, document INTEGER NOT NULL, kind INTEGER NOT NULL,
      writer INTEGER NOT NULL, n INTEGER NOT NULL, grp INTEGER NOT NULL, stamp INTEGER NOT NULL,
      encoding INTEGER NOT NULL, chain BLOB NOT NULL, body INTEGER NOT NULL, sum INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (space, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entries_by_document ON entries (space, document, seq);
    CREATE TABLE hashes (
      space INTEGER NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, sum INTEGER NOT NULL,
      PRIMARY KEY (space, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE writers (
      space INTEGER NOT NULL, number INTEGER NOT NULL, writer TEXT NOT NULL, user TEXT NOT NULL,
      logged INTEGER NOT NULL, accepted BLOB NOT NULL, refused BLOB NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (space, number)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX writers_by_id ON writers (writer, space);
    CREATE TABLE client_ids (
      space INTEGER NOT NULL, id INTEGER NOT NULL, writer INTEGER NOT NULL, sum INTEGER NOT NULL,
      PRIMARY KEY (space, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE refusals (
      space INTEGER NOT NULL, writer INTEGER NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (space, writer, n)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE devices (
      tenant TEXT NOT NULL, user TEXT NOT NULL, device TEXT NOT NULL, bytes BLOB NOT NULL, sum INTEGER NOT NULL,
      PRIMARY KEY (tenant, user, device)
    ) STRICT, WITHOUT ROWID;
  `,
}
