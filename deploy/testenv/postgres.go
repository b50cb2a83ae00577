package testenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres returns the address of an empty database of this test's own, such
// as "postgres://hopeline@127.0.0.1:20123/test_1?sslmode=disable". The first
// call starts the server, which all tests of the test binary share; locks and
// notifications of one database don't meet those of another. The database is
// dropped when the test ends, whoever is still connected.
func Postgres(t testing.TB) string {
	t.Helper()
	program := postgresPart.path(t)
	shared, err := sharedPostgres(program)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := shared.exec("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return shared.url(name)
}

var (
	postgresOnce   sync.Once
	postgresShared *PostgresServer
	postgresErr    error
	databases      atomic.Int64
)

func sharedPostgres(program string) (*PostgresServer, error) {
	postgresOnce.Do(func() {
		postgresShared = &PostgresServer{program: program}
		postgresErr = postgresShared.launch()
	})
	return postgresShared, postgresErr
}

// PostgresServer is a PostgreSQL of one test's own, to be killed and started
// again at will. A commit that was answered survives a Stop.
type PostgresServer struct {
	t       testing.TB
	program string
	durable bool
	user    *syscall.Credential
	folder  string
	port    int
	*process
}

// PostgresOption changes how NewPostgres runs the server.
type PostgresOption func(*PostgresServer)

// Durable makes the server wait for the disk at each commit, as it does in
// earnest: for benchmarks. Without it a commit survives the death of the
// server, though not that of the machine, which is all that a test can try.
func Durable(p *PostgresServer) { p.durable = true }

// NewPostgres starts a PostgreSQL for this test alone. It ends with the test.
func NewPostgres(t testing.TB, options ...PostgresOption) *PostgresServer {
	t.Helper()
	p := &PostgresServer{t: t, program: postgresPart.path(t)}
	for _, option := range options {
		option(p)
	}
	if err := p.launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Stop()
		_ = os.RemoveAll(p.folder)
	})
	return p
}

// URL is the address of an empty database on it, also after a Stop and a Start.
func (p *PostgresServer) URL() string { return p.url("postgres") }

// Stop ends the server at once: every connection breaks, nothing is saved in
// good order. It returns when the server is gone.
func (p *PostgresServer) Stop() {
	p.t.Helper()
	if err := p.kill(); err != nil {
		p.t.Errorf("stop postgres: %v", err)
	}
}

// Start starts it again after a Stop, on the same port and data, and returns
// when it answers, recovered.
func (p *PostgresServer) Start() {
	p.t.Helper()
	started, err := launch(p.spec(p.port))
	if err != nil {
		p.t.Fatal(err)
	}
	p.process = started
}

func (p *PostgresServer) url(database string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", superuser, address(p.port), database)
}

func (p *PostgresServer) data() string { return filepath.Join(p.folder, "data") }

func (p *PostgresServer) launch() (err error) {
	defer func() {
		if err != nil && p.folder != "" {
			_ = os.RemoveAll(p.folder)
		}
	}()
	if p.user, err = unprivileged(); err != nil {
		return err
	}
	if p.folder, err = newFolder("postgres", p.user); err != nil {
		return err
	}
	if err := newCluster(p.program, p.data(), p.user); err != nil {
		return err
	}
	p.process, p.port, err = launchOnFreePort(p.spec)
	return err
}

func (p *PostgresServer) spec(port int) spec {
	settings := []string{
		"port=" + strconv.Itoa(port), "listen_addresses=127.0.0.1", "unix_socket_directories=",
		"max_connections=300", "timezone=UTC", "log_timezone=UTC",
	}
	if !p.durable {
		settings = append(settings, "fsync=off", "full_page_writes=off")
	}
	args := []string{"-D", p.data()}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return spec{
		program: p.program,
		args:    args,
		folder:  p.folder,
		user:    p.user,
		stop:    syscall.SIGQUIT,
		ready: func(int) error {
			p.port = port
			return p.answers()
		},
	}
}

// answers is nil when this server, told by its folder, takes queries.
func (p *PostgresServer) answers() error {
	var data string
	err := p.with(func(ctx context.Context, c *pgx.Conn) error {
		return c.QueryRow(ctx, "SHOW data_directory").Scan(&data)
	})
	if err == nil && data != p.data() {
		return fmt.Errorf("port %d is another server's", p.port)
	}
	return err
}

func (p *PostgresServer) exec(sql string) error {
	return p.with(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql)
		return err
	})
}

// with connects for one piece of work. Kept connections would show in the
// tests' own leak checks.
func (p *PostgresServer) with(work func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, p.URL())
	if err != nil {
		return fmt.Errorf("connect to postgres: %w", err)
	}
	defer c.Close(ctx)
	if err := work(ctx, c); err != nil {
		return fmt.Errorf("ask postgres: %w", err)
	}
	return nil
}
