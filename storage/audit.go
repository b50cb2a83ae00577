package storage

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/storage/seal"
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

// tieChains vouches in this chain's first entry for the heads that no later chain vouched for yet, and puts this chain
// on the signed list of all chains.
func (t *tx) tieChains() error {
	heads, err := t.heads()
	if err != nil {
		return err
	}
	if err := t.listChains(heads); err != nil {
		return err
	}
	var ties []string
	err = t.each(`SELECT chain, seq, hash FROM audit_heads WHERE tied_seq < seq ORDER BY chain`, nil, func(r scanner) error {
		var name string
		var seq int64
		var hash []byte
		err := r.Scan(&name, &seq, &hash)
		ties = append(ties, fmt.Sprintf("%s:%d:%x", name, seq, hash))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE audit_heads SET tied_seq = seq WHERE tied_seq < seq`); err != nil {
		return err
	}
	return t.audit(System, "chain.began", "", strings.Join(ties, " "))
}

// chainList names the signed list of all chains among the values of the house. Without it the newest chain, for which
// no later one vouches, could vanish whole.
const chainList = "audit_chains"

// listChains writes the list anew with this chain on it. The list is only believed when it fits the chains that are
// there: a chain that was taken away stays missing for whoever verifies.
func (t *tx) listChains(heads map[string]head) error {
	old, err := t.value(chainList)
	if err != nil {
		return err
	}
	names := []string{t.chain.name}
	if old == nil {
		if !t.store.fresh {
			return nil // it was deleted: a new one would hide that
		}
		for name := range heads {
			names = append(names, name)
		}
	} else {
		listed, ok := t.store.listed(old)
		if !ok {
			return nil // it was changed: leave it, so that verify can say so
		}
		names = append(names, listed...)
	}
	slices.Sort(names)
	text := []byte(strings.Join(names, " "))
	fresh := append(t.store.mac.Sum(text), text...)
	if old == nil {
		n, err := t.exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, chainList, fresh)
		if err == nil && n == 0 {
			err = errAgain
		}
		return err
	}
	n, err := t.exec(`UPDATE meta SET value = $1 WHERE name = $2 AND value = $3`, fresh, chainList, old)
	if err == nil && n == 0 {
		err = errAgain
	}
	return err
}

// listed reads the signed list; not ok: somebody changed it.
func (s *Store) listed(value []byte) (names []string, ok bool) {
	if len(value) < seal.DigestSize || !s.mac.Verify(value[:seal.DigestSize], value[seal.DigestSize:]) {
		return nil, false
	}
	return strings.Fields(string(value[seal.DigestSize:])), true
}

// value reads a value of the house; nil: there is none.
func (t *tx) value(name string) ([]byte, error) {
	var value []byte
	err := t.row(`SELECT value FROM meta WHERE name = $1`, []any{name}, &value)
	if notThere(err) {
		return nil, nil
	}
	return value, err
}
