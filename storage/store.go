package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// Config is what a store needs.
type Config struct {
	URL    string // postgres://…; empty: SQLite in Folder
	Folder string // made when missing, mode 0700
	Keys   *seal.Keys
	Rules  hotline.Rules
	Room   hotline.Room
	Now    func() time.Time
	Tell   func(hotline.Notice)  // told of every change once it is on disk, in order; must not block
	Words  func(code int) string // what a carrier's error code means for a counsellor
	Log    *zap.Logger
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	engine   engine
	db, read *sql.DB
	keys     *seal.Keys
	fresh    bool // this process made the database
	index    *seal.Index
	mac      *seal.MAC
	rules    hotline.Rules
	room     hotline.Room
	now      func() time.Time
	tell     func(hotline.Notice)
	words    func(int) string
	log      *zap.Logger
	patience time.Duration // for one transaction

	changes  chan change
	stopped  chan struct{} // closed by Close
	stopOnce sync.Once
	written  chan struct{} // closed when the writer is done
	chain    chain         // the writer's own
	untied   bool          // the chain has no first entry yet; the writer's own
	lastID   int64         // in milliseconds; the writer's own
	shared   int           // how many changes the writer expects to share a commit; its own
	ids      atomic.Uint32
	ready    *statements // the writer's own; nil where the driver keeps them itself

	living *sql.Conn              // this process's place among those that serve
	roster atomic.Pointer[Roster] // as it was last resolved

	linesMu sync.Mutex // guards lines
	lines   map[hotline.Address]string
}

// Open connects, brings the database up to date, and checks that the master keys are the ones it was sealed with.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Tell == nil {
		c.Tell = func(hotline.Notice) {}
	}
	if c.Words == nil {
		c.Words = func(int) string { return "" }
	}
	engine, write, read, err := connect(ctx, c.URL, c.Folder)
	if err != nil {
		return nil, err
	}
	s := &Store{engine: engine, db: write, read: read, keys: c.Keys, rules: c.Rules, room: c.Room, now: c.Now, tell: c.Tell, words: c.Words,
		log: c.Log, patience: 10 * time.Second, changes: make(chan change), stopped: make(chan struct{}), written: make(chan struct{}),
		lines: map[hotline.Address]string{}}
	if engine == engineSQLite {
		s.ready = newStatements()
	}
	if err := migrate(ctx, engine, write); err != nil {
		s.closeDatabases()
		return nil, err
	}
	if err := s.unlock(ctx); err != nil {
		s.closeDatabases()
		return nil, err
	}
	s.beginChain(s.now())
	s.untied = true
	go s.writer()
	if err := s.write(ctx, func(*tx) error { return nil }); err != nil {
		s.Close()
		return nil, fmt.Errorf("begin the audit chain: %w", err)
	}
	return s, nil
}

// Close finishes what was handed over and closes the database.
func (s *Store) Close() error {
	s.stopOnce.Do(func() { close(s.stopped) })
	<-s.written
	return s.closeDatabases()
}

func (s *Store) closeDatabases() error {
	if s.living != nil {
		s.living.Close()
	}
	return errors.Join(s.db.Close(), s.read.Close())
}

// Ready tells whether a contact could be kept right now: it writes, and waits until that is on disk.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO meta (name, value) VALUES ('ready', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			fmt.Appendf(nil, "%d", millis(t.now)))
		return err
	})
}

// unlock opens the index and MAC keys, or makes them for a new database.
func (s *Store) unlock(ctx context.Context) error {
	print, err := s.meta(ctx, "key_fingerprint", func() ([]byte, error) {
		s.fresh = true
		return s.keys.NewFingerprint()
	})
	if err != nil {
		return err
	}
	if !s.keys.Fits(print) {
		return hotline.Say(hotline.ErrInvalid, "this master key set does not fit this database: give the one it was sealed with; nothing was changed")
	}
	wrapped, err := s.meta(ctx, "index_key", func() ([]byte, error) { _, w, err := s.keys.NewIndexKey(); return w, err })
	if err != nil {
		return err
	}
	if s.index, err = s.keys.OpenIndex(wrapped); err != nil {
		return fmt.Errorf("open the index key: %w", err)
	}
	wrapped, err = s.meta(ctx, "mac_key", func() ([]byte, error) { _, w, err := s.keys.NewMACKey(); return w, err })
	if err != nil {
		return err
	}
	if s.mac, err = s.keys.OpenMAC(wrapped); err != nil {
		return fmt.Errorf("open the audit key: %w", err)
	}
	return nil
}

// meta reads a value of the house, or makes it: two processes that start at once end with the same one.
func (s *Store) meta(ctx context.Context, name string, make func() ([]byte, error)) ([]byte, error) {
	var value []byte
	const query = `SELECT value FROM meta WHERE name = $1`
	err := s.read.QueryRowContext(ctx, query, name).Scan(&value) // not by the writer's handle: it may be busy
	if !errors.Is(err, sql.ErrNoRows) {
		return value, classify(err)
	}
	fresh, err := make()
	if err != nil {
		return nil, err
	}
	if _, err := s.db.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, fresh); err != nil {
		return nil, classify(err)
	}
	return value, classify(s.db.QueryRowContext(ctx, query, name).Scan(&value))
}

// Setting reads a named value of the house, which make gives when there is none yet.
func (s *Store) Setting(ctx context.Context, name string, make func() ([]byte, error)) ([]byte, error) {
	return s.meta(ctx, "setting."+name, make)
}

// Set changes a named value of the house.
func (s *Store) Set(ctx context.Context, name string, value []byte) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			"setting."+name, value)
		return err
	})
}

// Began is when this database was made.
func (s *Store) Began(ctx context.Context) (time.Time, error) {
	var at *int64
	err := s.read.QueryRowContext(ctx, `SELECT min(began_at) FROM audit_heads`).Scan(&at)
	if err != nil || at == nil {
		return time.Time{}, classify(err)
	}
	return fromMillis(*at), nil
}

// newID is a fresh opaque id. Those of one process sort in the order in which they were made.
func (t *tx) newID() string {
	var tail [8]byte
	rand.Read(tail[:])
	t.store.lastID = max(t.store.lastID, millis(t.now)) // also when the clock steps back
	return fmt.Sprintf("%011x%04x%x", t.store.lastID, uint16(t.store.ids.Add(1)), tail)
}

// millis is a time as the database keeps it; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
