// Package storage keeps everything: one SQL text for SQLite and PostgreSQL.
//
// It is the house's truth. A webhook is answered, and a console or a carrier told, only after the transaction that
// holds the fact, its audit entry and what has to be sent is on disk.
//
// # Shape
//
//   - One writer goroutine a process ([Store.write]) gathers the changes that wait at the same moment into one
//     transaction: group commit. When one of them fails, the batch is undone and each is done again by itself, so an
//     error of one never fails its neighbours. A change may therefore run twice and must only touch its tx.
//   - A contact changes only through hotline's reducer ([Store.Apply] and those built on it); its effects (slots,
//     offers) are rows in the same transaction. A version column turns two processes on one contact into a retry.
//   - A call is legs ([Store.ClaimLegs]): a row says what is known of a leg and what is wanted of it, and the carrier is
//     brought to that, at least once. Reports of the carrier only ever move a leg forward.
//   - A test page ([Store.ClaimTests]) is no leg, since nobody is behind it. The account's rate is one for both, and a leg
//     goes first. An alarm ([Store.RingAlarms]) rings that way, too: of two processes one asks for it.
//   - A line's rota is a [Plan]: a grid, and rows of what lies over it, one exception a seat by constraint. Each edit raises
//     the plan's version, and of two at once the second begins anew; who is on duty ([Roster]) is kept as long as no version
//     rose and no shift begins or ends. No row of it is deleted or changed but for its end, so [Store.History] tells what
//     held at each moment, whatever was saved later.
//   - What the house is told of a change (hotline.Notice) is told after the commit, in the order of commits.
//   - What is personal is sealed by package seal with the contact's own key and the place of the value; a column in
//     clear holds ids, codes and times only.
//   - Every change and every read of a contact writes an audit entry in its transaction, see audit.go.
//
// # When the disk or the server is down
//
// Every call fails with hotline.ErrUnavailable, nothing is half done, and the next call tries again: connections are
// made anew by database/sql. When the answer to a commit is lost nobody knows whether it is on disk: whoever asked is told
// that it failed, all others read everything anew, and the audit goes on in a new chain. The carrier is then answered 503 and goes to its fallback.
package storage
