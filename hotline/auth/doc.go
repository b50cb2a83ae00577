// Package auth holds what a log-in is made of: passwords, the second factor,
// session tokens with their cookie, and the throttle against guessing. It knows
// no database and no handler; who stores what stands at each function.
//
// A log-in, as its caller composes it:
//
//  1. [Throttle.Allow] for the typed name and [ClientIP]; refused means
//     "throttled", before any hashing.
//  2. [Hasher.Check] with the stored hash, or with "" where there is no such
//     account, so that both take the same time.
//  3. [CheckTOTP] with the stored secret and last step; the step is stored in one
//     compare-and-set, so that a code counts once.
//  4. One and the same refusal for whatever was wrong.
//  5. [Throttle.Succeeded], [NewToken], the hash stored, the token set by [Cookie].
//
// What holds
//
//   - No password, code, secret or token is in an error.
//   - A token is stored as its hash only; a copy of the database opens no session.
//   - At most two passwords are hashed at a time, whatever comes in; nothing is
//     allocated before the first.
//   - The throttle forgets at a restart and counts for each process alone: with n
//     instances an attacker has n times the tries. It depends on nothing, so
//     that nobody is kept out because a store is down.
//
// # The throttle, and lock-out as an attack
//
// Whoever wants a hotline silent may try to keep its counsellors out. So no limit
// belongs to an account alone in a way that strangers could use up for good:
//
//   - account and network together: ten quick tries, then one each 10 s, 20 s,
//     40 s… up to one each 5 min; forgotten an hour after the last try. Who
//     hammers Anna's account from elsewhere meets this wall, and Anna does not.
//   - the account from everywhere, loosely: 30, then 30 a minute.
//   - the neighbourhood, for whoever tries many accounts: 60, then one a second.
//
// The two loose ones do not bind a network from which this account has logged in
// since the process started: a distributed attack slows a new place, not the
// usual one. A refused try uses up nothing, so refusals can't be kept going by
// hammering alone. What is left: an attacker on Anna's own network can crowd her
// out there; any other network (her phone's) still lets her in.
//
// A network is one IPv4 address or one IPv6 /64: what a household or an office
// has, and the least that one attacker holds. A neighbourhood is an IPv4 /24 or
// an IPv6 /48: what somebody can rent cheaply, and too many strangers to shut
// out for the deeds of one. A loopback address has no neighbourhood: it is
// everybody behind a proxy that says nothing, or a test.
package auth
