// Package seal is encryption at rest: what is personal is sealed before it
// reaches the database and opened after it leaves, and nothing else in the
// program touches a key.
//
// The tree of keys
//
//	Keys, the master key set: a file (or a variable) outside the database
//	├── DataKey, one for each contact, kept wrapped beside it; destroying the
//	│   wrapped form erases the contact
//	├── Index, one for each database, wrapped: finds an address without storing it
//	├── MAC, one for each database, wrapped: signs the heads of the audit chain
//	└── directly: the few values that belong to no contact (a user's e-mail,
//	    phone number, second-factor secret)
//
// What holds
//
//   - Every value is bound to its place by an [AD]: table, column, row and
//     owner. A value moved to another place does not open, and neither does one
//     with a flipped bit. Which of these happened is never said: see [ErrOpen].
//   - A wrapped key is bound to its kind and to the record it was made for.
//   - The same text sealed twice differs; only [Index] is deterministic, and it
//     is keyed and separated by domain.
//   - Lengths show: a sealed value is [Overhead] bytes longer than its text
//     under a data key, and a few bytes more under the master set.
//   - No error holds a key, a text or a part of one.
//
// Everything is safe for concurrent use, does no I/O but for
// [LoadOrCreateFile], and depends on nothing that could be down.
//
// # Why XChaCha20-Poly1305
//
// Both for new master keys and for data keys. Its 192-bit nonce is drawn at
// random without a count to keep, so the master keys may wrap contacts for ever.
// It needs no instructions of the processor to be quick and free of timing
// leaks, which matters on small rented machines; and a data key is ready as soon
// as its 32 bytes are read, without a key schedule. What AES-GCM-SIV would add,
// surviving a repeated nonce after a machine's snapshot is restored, is mostly
// given by data keys that live no longer than one contact and by kernels that
// draw fresh randomness after a restore.
//
// # The master key file
//
// A plain Tink JSON key set, as Tink's own tool writes and changes it; any of
// Tink's AEAD keys opens, so an operator may bring their own. Rotation adds a
// key and makes it primary: what the old key wrapped still opens as long as it
// stays in the set. Losing the file loses everything that is sealed; it belongs
// in a safe, and never in the data folder or its backups. The database keeps a
// [Keys.NewFingerprint], so that a process with another set can refuse to start.
package seal
