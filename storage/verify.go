package storage

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Verified is what a check of the audit trail found.
type Verified struct {
	Chains, Entries int
	Fault           string // the first entry that is not as it was written, and how; empty: all is as it was written
}

// VerifyAudit recomputes every chain of the audit trail and compares it with the head that was signed, and with what
// later chains vouch for. It finds an entry that was changed, deleted, inserted or moved, a chain whose end was cut
// off, and a chain that is gone.
func (s *Store) VerifyAudit(ctx context.Context) (Verified, error) {
	var v Verified
	err := s.look(ctx, func(t *tx) (err error) {
		v, err = s.verify(t)
		return err
	})
	return v, err
}

func (s *Store) verify(t *tx) (Verified, error) {
	heads, err := t.heads()
	if err != nil {
		return Verified{}, err
	}
	w := walker{store: s, heads: heads, marks: map[string][]byte{}}
	if err := w.checkList(t); err != nil {
		return Verified{}, err
	}
	if err := w.walk(t); err != nil {
		return Verified{}, err
	}
	return Verified{Entries: w.entries, Chains: len(heads), Fault: w.fault}, nil
}

// head is the signed end of a chain.
type head struct {
	seq  int64
	hash []byte
	mac  []byte
}

func (t *tx) heads() (map[string]head, error) {
	rows, err := t.query(`SELECT chain, seq, hash, mac FROM audit_heads`)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	heads := map[string]head{}
	for rows.Next() {
		var name string
		var h head
		if err := rows.Scan(&name, &h.seq, &h.hash, &h.mac); err != nil {
			return nil, classify(err)
		}
		heads[name] = h
	}
	return heads, classify(rows.Err())
}

// walker goes through all entries, chain by chain, and stops at the first fault.
type walker struct {
	store   *Store
	heads   map[string]head
	entries int
	fault   string

	chain string
	seq   int64
	hash  []byte
	seen  []string
	ties  []tie
	marks map[string][]byte // "chain:seq" → hash, of every entry that a tie may name
}

// tie is what a chain's first entry says of another chain.
type tie struct{ by, chain, seq, hash string }

func (w *walker) walk(t *tx) error {
	rows, err := t.query(`SELECT chain, seq, at, actor, action, contact, detail, hash FROM audit ORDER BY chain, seq`)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for w.fault == "" && rows.Next() {
		var e entry
		var hash []byte
		if err := rows.Scan(&e.chain, &e.seq, &e.at, &e.actor, &e.action, &e.contact, &e.detail, &hash); err != nil {
			return classify(err)
		}
		w.step(e, hash)
	}
	if err := rows.Err(); err != nil {
		return classify(err)
	}
	w.endChain()
	w.checkHeads()
	w.checkTies()
	return nil
}

func (w *walker) bad(chain string, seq int64, how string) {
	if w.fault == "" {
		w.fault = fmt.Sprintf("chain %s, entry %d: %s", chain, seq, how)
	}
}

func (w *walker) step(e entry, hash []byte) {
	if e.chain != w.chain {
		w.endChain()
		if w.fault != "" {
			return
		}
		w.chain, w.seq, w.hash = e.chain, 0, digest([]byte(e.chain))
		w.seen = append(w.seen, e.chain)
	}
	w.entries++
	switch {
	case e.seq != w.seq+1:
		w.bad(e.chain, w.seq+1, "is missing")
	case !bytes.Equal(e.hashed(w.hash), hash):
		w.bad(e.chain, e.seq, "was changed, moved or put in")
	}
	w.seq, w.hash = e.seq, hash
	w.marks[e.chain+":"+strconv.FormatInt(e.seq, 10)] = hash
	if e.action == "chain.began" && e.seq == 1 {
		for _, part := range strings.Fields(e.detail) {
			f := strings.Split(part, ":")
			if len(f) == 3 {
				w.ties = append(w.ties, tie{by: e.chain, chain: f[0], seq: f[1], hash: f[2]})
			}
		}
	}
}

// endChain compares the end of the chain just read with its signed head.
func (w *walker) endChain() {
	if w.chain == "" || w.fault != "" {
		return
	}
	h, ok := w.heads[w.chain]
	switch {
	case !ok:
		w.bad(w.chain, 1, "the chain has no signed head: it was put in, or its head was deleted")
	case !w.store.mac.Verify(h.mac, headBytes(w.chain, h.seq, h.hash)):
		w.bad(w.chain, h.seq, "the signed head was changed")
	case h.seq > w.seq:
		w.bad(w.chain, w.seq+1, "is missing: the end was cut off")
	case h.seq < w.seq:
		w.bad(w.chain, h.seq+1, "was put in after the signed head")
	case !bytes.Equal(h.hash, w.hash):
		w.bad(w.chain, w.seq, "does not fit the signed head")
	}
}

func (w *walker) checkHeads() {
	read := map[string]bool{}
	for _, name := range w.seen {
		read[name] = true
	}
	for name := range w.heads {
		if !read[name] {
			w.bad(name, 1, "is missing: the whole chain was deleted")
		}
	}
}

// checkList compares the chains that are there with the signed list of all.
func (w *walker) checkList(t *tx) error {
	value, err := t.value(chainList)
	if err != nil {
		return err
	}
	listed, ok := w.store.listed(value)
	if !ok {
		w.bad("(all)", 1, "the signed list of chains is missing or was changed")
		return nil
	}
	on := map[string]bool{}
	for _, name := range listed {
		on[name] = true
		if _, there := w.heads[name]; !there {
			w.bad(name, 1, "is missing: the whole chain and its head were deleted")
		}
	}
	for name := range w.heads {
		if !on[name] {
			w.bad(name, 1, "the chain is not on the signed list: it was put in")
		}
	}
	return nil
}

func (w *walker) checkTies() {
	for _, t := range w.ties {
		if hash, ok := w.marks[t.chain+":"+t.seq]; !ok || fmt.Sprintf("%x", hash) != t.hash {
			seq, _ := strconv.ParseInt(t.seq, 10, 64)
			w.bad(t.chain, seq, "is missing or was changed: chain "+t.by+" vouches for it")
		}
	}
}
