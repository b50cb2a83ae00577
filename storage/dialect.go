package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // the SQLite driver
	sqlite3 "modernc.org/sqlite/lib"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// engine is one of the two databases. Only this file knows how they differ.
type engine int

const (
	engineSQLite engine = iota
	enginePostgres
)

func (e engine) dialect() goose.Dialect {
	if e == enginePostgres {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

// snapshot are the options of a transaction that reads everything as of one moment. SQLite's always do.
func (e engine) snapshot() *sql.TxOptions {
	if e == enginePostgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil
}

// livingKey is the advisory lock that every serving process shares.
const livingKey = 0x686f70656c696e65 // "hopeline"

// alone tells whether no other process serves this database, and holds conn's place among those that do for as long as
// conn is open. With SQLite there is one.
func (e engine) alone(ctx context.Context, conn *sql.Conn) (bool, error) {
	if e != enginePostgres {
		return true, nil
	}
	var alone bool
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(livingKey)).Scan(&alone); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock_shared($1)`, int64(livingKey)); err != nil {
		return false, err
	}
	if alone {
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(livingKey))
		return alone, err
	}
	return false, nil
}

// connect opens url, or the SQLite file in folder when url is empty: one handle to write and one to read.
func connect(ctx context.Context, dsn, folder string) (e engine, write, read *sql.DB, err error) {
	if dsn != "" {
		return connectPostgres(ctx, dsn)
	}
	return connectSQLite(ctx, folder)
}

func connectPostgres(ctx context.Context, dsn string) (engine, *sql.DB, *sql.DB, error) {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return 0, nil, nil, hotline.Say(hotline.ErrInvalid, "DATABASE_URL must begin with postgres://, or be left out for SQLite")
	}
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return 0, nil, nil, errors.New("open the database: DATABASE_URL cannot be read")
	}
	// A plan that was made for an almost empty table would read a grown one from end to end, and is kept: so it goes by
	// the indexes from the first row on.
	plan := stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `SET enable_seqscan = off`)
		return err
	})
	write, read := stdlib.OpenDB(*c, plan), stdlib.OpenDB(*c, plan)
	write.SetMaxOpenConns(2) // the writer, and one more for a migration's lock
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	if err := write.PingContext(ctx); err != nil {
		return 0, nil, nil, errors.Join(errors.New("reach the database: check that PostgreSQL runs and DATABASE_URL is right"), classify(err))
	}
	return enginePostgres, write, read, nil
}

func connectSQLite(ctx context.Context, folder string) (engine, *sql.DB, *sql.DB, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, nil, nil, fmt.Errorf("make the data folder: %w", err)
	}
	file := (&url.URL{Scheme: "file", Opaque: filepath.ToSlash(filepath.Join(folder, "hopeline.db"))}).String()
	pragmas := "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"
	write, err := sql.Open("sqlite", file+pragmas)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("open the database: %w", err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		return 0, nil, nil, fmt.Errorf("open the database in the data folder: %w", err)
	}
	read, err := sql.Open("sqlite", file+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return 0, nil, nil, fmt.Errorf("open the database: %w", err)
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return engineSQLite, write, read, nil
}

// errAgain asks the writer to do a change once more: another process was quicker.
var errAgain = errors.New("storage: changed by another process meanwhile")

// classify turns a driver's error into one of the house's kinds. It drops the driver's text where that may quote a
// value.
func classify(err error) error {
	var said *hotline.Error
	var pg *pgconn.PgError
	var lite *sqlite.Error
	switch {
	case err == nil, errors.As(err, &said), errors.Is(err, errAgain), errors.Is(err, seal.ErrOpen), errors.Is(err, hotline.ErrUnavailable):
		return err
	case errors.As(err, &pg):
		return classifyCode(pg.Code)
	case errors.As(err, &lite):
		return classifyCode(fmt.Sprint(lite.Code()))
	}
	return fmt.Errorf("%w: the database does not answer", hotline.ErrUnavailable)
}

// unique violations, lock and serialisation failures: somebody else was quicker, or the change is
// wrong; doing it once more decides which.
func classifyCode(code string) error {
	switch code {
	case "23505", "40001", "40P01", "55P03",
		fmt.Sprint(sqlite3.SQLITE_CONSTRAINT_UNIQUE), fmt.Sprint(sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY),
		fmt.Sprint(sqlite3.SQLITE_BUSY), fmt.Sprint(sqlite3.SQLITE_BUSY_SNAPSHOT):
		return fmt.Errorf("%w (database code %s)", errAgain, code)
	}
	return fmt.Errorf("%w: database error code %s", hotline.ErrUnavailable, code)
}
