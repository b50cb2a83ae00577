package storage

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database up to date. On PostgreSQL a lock keeps several processes from doing so at once; on
// SQLite the write lock of each migration does.
func migrate(ctx context.Context, e engine, db *sql.DB) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if e == enginePostgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(e.dialect(), db, folder, options...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	// SQLite has no lock for this: of several programs that start at once on a new database one makes a table, and the
	// others fail whole and find it made when they look again.
	for try := 0; ; try++ {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		if e == enginePostgres || try >= migrateTries || ctx.Err() != nil {
			return fmt.Errorf("bring the database up to date: %w", err)
		}
		time.Sleep(migratePause)
	}
}

const (
	migrateTries = 40
	migratePause = 50 * time.Millisecond
)
