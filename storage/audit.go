package storage

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"hopeline/hotline"
)

// The audit trail: each entry's hash covers the entry and the hash before it, and the head of each chain lies in
// audit_heads under a MAC whose key is sealed by the master keys. A process begins its own chain, and its first entry
// names the heads of the chains that nobody vouched for yet: so a whole chain cannot vanish unseen either.

// System is the actor of what no human does.
const System = "system"

// entry is one line of the audit trail: ids and codes only.
type entry struct {
	chain   string
	seq     int64
	at      int64
	actor   string
	action  string
	contact string
	detail  string
}

// chain is the end of this process's chain.
type chain struct {
	name string
	seq  int64
	hash []byte
}

// hashed is the entry's hash, given the one before it. Every field carries its length, so that no two entries read alike.
func (e entry) hashed(before []byte) []byte {
	var b bytes.Buffer
	b.Write(before)
	for _, field := range []string{e.chain, e.actor, e.action, e.contact, e.detail} {
		b.Write(binary.AppendUvarint(nil, uint64(len(field))))
		b.WriteString(field)
	}
	b.Write(binary.BigEndian.AppendUint64(nil, uint64(e.seq)))
	b.Write(binary.BigEndian.AppendUint64(nil, uint64(e.at)))
	return digest(b.Bytes())
}

// audit writes down that actor did action. Detail holds ids and codes, never words.
func (t *tx) audit(actor, action string, contact hotline.ContactID, detail string) error {
	e := entry{chain: t.chain.name, seq: t.chain.seq + 1, at: millis(t.now), actor: actor, action: action,
		contact: string(contact), detail: detail}
	hash := e.hashed(t.chain.hash)
	t.entries = append(t.entries, auditRow{entry: e, hash: hash})
	t.chain.seq, t.chain.hash = e.seq, hash
	return nil
}

// saveHead writes the head of the chain when the transaction made it longer.
func (t *tx) saveHead(before int64) error {
	if t.chain.seq == before {
		return nil
	}
	_, err := t.exec(`INSERT INTO audit_heads (chain, began_at, seq, hash, mac, tied_seq) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
		t.chain.name, millis(t.now), t.chain.seq, t.chain.hash, t.store.mac.Sum(headBytes(t.chain.name, t.chain.seq, t.chain.hash)))
	return err
}

func headBytes(name string, seq int64, hash []byte) []byte {
	return fmt.Appendf(nil, "%s|%d|%x", name, seq, hash)
}

// beginChain begins this process's chain. Its name sorts by time.
func (s *Store) beginChain(now time.Time) {
	var tail [6]byte
	rand.Read(tail[:])
	name := fmt.Sprintf("%d-%x", millis(now), tail)
	s.chain = chain{name: name, hash: digest([]byte(name))}
}

// tieChains vouches in this chain's first entry for the heads that no later chain vouched for yet.
func (t *tx) tieChains() error {
	rows, err := t.query(`SELECT chain, seq, hash FROM audit_heads WHERE tied_seq < seq ORDER BY chain`)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	var ties []string
	for rows.Next() {
		var name string
		var seq int64
		var hash []byte
		if err := rows.Scan(&name, &seq, &hash); err != nil {
			return classify(err)
		}
		ties = append(ties, fmt.Sprintf("%s:%d:%x", name, seq, hash))
	}
	if err := rows.Err(); err != nil {
		return classify(err)
	}
	if _, err := t.exec(`UPDATE audit_heads SET tied_seq = seq WHERE tied_seq < seq`); err != nil {
		return err
	}
	return t.audit(System, "chain.began", "", strings.Join(ties, " "))
}
