package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hopeline/hotline"
)

// batchMost is how many changes share a commit at most.
const batchMost = 128

// triesMost is how often a change is done again because another process was quicker.
const triesMost = 5

// change is one transaction's worth of work, waiting for the writer.
type change struct {
	ctx  context.Context
	do   func(*tx) error
	done chan error

	arrival *arrival // a text coming in: what it needs is looked up for the whole batch
}

// tx is the transaction that a change runs in.
type tx struct {
	*sql.Tx
	unit
	ready   *statements
	ctx     context.Context
	store   *Store
	now     time.Time
	chain   *chain
	notices []hotline.Notice
}

// tell says notice to the house once the transaction is on disk.
func (t *tx) tell(n ...hotline.Notice) { t.notices = append(t.notices, n...) }

// row runs a query for one row; sql.ErrNoRows stays as it is.
func (t *tx) row(query string, args []any, into ...any) error {
	err := t.queryRow(query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return classify(err)
}

// write does a change and returns when it is on disk. The change may run more than once.
func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	return s.hand(change{ctx: ctx, do: do})
}

// hand gives a change to the writer and waits for what became of it.
func (s *Store) hand(c change) error {
	c.done = make(chan error, 1)
	select {
	case s.changes <- c:
	case <-c.ctx.Done():
		return fmt.Errorf("%w: the database is slow; nothing was changed", hotline.ErrUnavailable)
	case <-s.stopped:
		return fmt.Errorf("%w: the house is stopping", hotline.ErrUnavailable)
	}
	// From here on the outcome is the writer's: leaving early could call a change undone that is on disk.
	return <-c.done
}

// writer is the one goroutine that writes.
func (s *Store) writer() {
	defer close(s.written)
	for {
		select {
		case c := <-s.changes:
			s.commit(s.gather(c))
		case <-s.stopped:
			for { // what was handed over is finished
				select {
				case c := <-s.changes:
					s.commit(s.gather(c))
				default:
					return
				}
			}
		}
	}
}

// linger is how long the writer waits for more when many come: a commit costs as much for one as for a hundred.
const linger = time.Millisecond

// gather takes whatever waits at this moment. When the batch before was shared it waits a moment for those who are on
// their way back; a lone change never waits.
func (s *Store) gather(first change) []change {
	batch := []change{first}
	var late <-chan time.Time
	for len(batch) < batchMost {
		select {
		case c := <-s.changes:
			batch = append(batch, c)
			continue
		default:
		}
		if len(batch) >= s.shared {
			break
		}
		if late == nil {
			timer := time.NewTimer(linger)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case c := <-s.changes:
			batch = append(batch, c)
			continue
		case <-late:
		}
		break
	}
	s.shared = len(batch) * 5 / 4
	return batch
}

// commit does a batch in one transaction, or, when one of its changes fails, each by itself.
func (s *Store) commit(batch []change) {
	if len(batch) > 1 {
		if notices, err := s.transact(batch...); err == nil {
			s.tellAll(notices)
			for _, c := range batch {
				c.done <- nil
			}
			return
		}
	}
	var down error // the database does not answer: nobody waits for it one after another
	for _, c := range batch {
		err := down
		if down == nil {
			err = s.alone(c)
		}
		if errors.Is(err, errDown) || errors.Is(err, context.DeadlineExceeded) {
			down = errDown
		}
		c.done <- err
	}
}

// errDown is the answer while no transaction can be begun.
var errDown = fmt.Errorf("%w: the database does not answer", hotline.ErrUnavailable)

// alone does one change, again if another process was quicker.
func (s *Store) alone(c change) error {
	var err error
	for range triesMost {
		var notices []hotline.Notice
		if notices, err = s.transact(c); err == nil {
			s.tellAll(notices)
			return nil
		}
		if !errors.Is(err, errAgain) {
			return err
		}
	}
	return fmt.Errorf("%w: too much at once; nothing was changed", hotline.ErrUnavailable)
}

func (s *Store) tellAll(notices []hotline.Notice) {
	for _, n := range notices {
		s.tell(n)
	}
}

// transact runs changes in one transaction and commits it. On any error nothing is changed, the audit chain included.
func (s *Store) transact(changes ...change) (notices []hotline.Notice, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	head := s.chain
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errDown
	}
	defer func() {
		if recover() != nil { // a fault in one change must not end the writer, and with it the house
			s.log.Error("a transaction panicked; nothing of it was kept")
			err = fmt.Errorf("%w: a fault in the program; nothing was changed", hotline.ErrUnavailable)
		}
		if err != nil {
			sqlTx.Rollback()
		}
	}()
	t := s.newTx(ctx, sqlTx)
	t.chain, t.ready = &head, s.ready
	if s.untied {
		if err := t.tieChains(); err != nil {
			return nil, err
		}
	}
	if batch := arriving(changes); len(batch) > 0 {
		if err := t.lookAhead(batch); err != nil {
			return nil, err
		}
	}
	for _, c := range changes {
		if err := c.do(t); err != nil {
			return nil, err
		}
	}
	if err := t.flush(); err != nil {
		return nil, err
	}
	if err := t.saveHead(s.chain.seq); err != nil {
		return nil, err
	}
	if err := sqlTx.Commit(); err != nil {
		s.uncertain()
		return nil, classify(err)
	}
	s.chain, s.untied = head, false
	s.ready.prepare(ctx, s.db)
	return t.notices, nil
}

// uncertain: the answer to a commit was lost, and it may be on disk. Whoever asked is told that it failed, and asks again
// what may be asked twice; all others read everything anew. This process goes on in a new audit chain, because the end
// of the old one is not known.
func (s *Store) uncertain() {
	s.log.Warn("the answer to a commit was lost; everything is read anew")
	s.beginChain(s.now())
	s.untied = true
	s.tell(hotline.Missed{})
}

func (s *Store) newTx(ctx context.Context, sqlTx *sql.Tx) *tx {
	return &tx{Tx: sqlTx, unit: unit{contacts: map[hotline.ContactID]*held{}, legs: map[hotline.LegID]*leg{}}, ctx: ctx, store: s, now: s.now().UTC().Truncate(time.Millisecond)}
}

func arriving(changes []change) []*arrival {
	var batch []*arrival
	for _, c := range changes {
		if c.arrival != nil {
			batch = append(batch, c.arrival)
		}
	}
	return batch
}

// digest is the house's plain hash, for what is not secret.
func digest(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
