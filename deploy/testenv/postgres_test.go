package testenv

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

func dialPostgres(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	return c
}

func mustExec(t *testing.T, c *pgx.Conn, sql string) {
	t.Helper()
	if _, err := c.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestPostgresKeepsTestsApart(t *testing.T) {
	t.Parallel()
	for i := range 3 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := dialPostgres(t, Postgres(t))
			mustExec(t, c, "CREATE TABLE mine (n INT)")
			var free bool
			if err := c.QueryRow(t.Context(), "SELECT pg_try_advisory_lock(1)").Scan(&free); err != nil || !free {
				t.Errorf("pg_try_advisory_lock = %v, %v, want true: the lock is another test's", free, err)
			}
		})
	}
}

func TestPostgresIsDropped(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("open", func(t *testing.T) {
		url = Postgres(t)
		// Left open on purpose: a leak in a test must not keep its database.
		if _, err := pgx.Connect(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Errorf("%s is there after its test", url)
	}
}

func TestPostgresStopAndStart(t *testing.T) {
	t.Parallel()
	srv := NewPostgres(t)
	url := srv.URL()
	c := dialPostgres(t, url)
	mustExec(t, c, "CREATE TABLE kept (n INT)")
	mustExec(t, c, "INSERT INTO kept VALUES (7)")
	srv.Stop()
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("a stopped PostgreSQL answered")
	}
	srv.Start()
	if got := srv.URL(); got != url {
		t.Errorf("URL after a start = %s, want %s", got, url)
	}
	var n int
	if err := dialPostgres(t, url).QueryRow(t.Context(), "SELECT n FROM kept").Scan(&n); n != 7 || err != nil {
		t.Errorf("after a start the row = %d, %v, want 7", n, err)
	}
}

func TestPostgresDurable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options []PostgresOption
		want    string
	}{
		{nil, "off on"},
		{[]PostgresOption{Durable}, "on on"},
	} {
		var got string
		err := dialPostgres(t, NewPostgres(t, c.options...).URL()).QueryRow(t.Context(),
			"SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit')").Scan(&got)
		if got != c.want || err != nil {
			t.Errorf("with %d options fsync, synchronous_commit = %s, %v, want %s", len(c.options), got, err, c.want)
		}
	}
}

// TestClusterIsMadeOnce lets two make the same cluster at the same moment, as
// two test binaries do on a machine that has none yet.
func TestClusterIsMadeOnce(t *testing.T) {
	t.Parallel()
	program := postgresPart.path(t)
	as, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := newFolder("once", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	template := filepath.Join(dir, "cluster")
	var made [2]os.FileInfo
	var wait sync.WaitGroup
	for i := range made {
		wait.Go(func() {
			if err := makeTemplate(program, template, as); err != nil {
				t.Error(err)
			}
			made[i], _ = os.Stat(template)
		})
	}
	wait.Wait()
	if made[0] == nil || made[1] == nil || !os.SameFile(made[0], made[1]) {
		t.Error("the cluster was made twice")
	}
	if _, err := os.Stat(filepath.Join(template, "data", "PG_VERSION")); err != nil {
		t.Error(err)
	}
}
