package storage

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

// BenchmarkReceive takes texts in, durably, with 32 senders at a time, and gives the rate as a ratio to the plain limit
// of the same engine, measured in the same run: for PostgreSQL, one insert and commit a client with 32 clients; for
// SQLite, plain inserts that share their commits.
func BenchmarkReceive(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		server := testenv.NewPostgres(b, testenv.Durable)
		h := newHouseAt(b, server.URL())
		limit := perSecond(b, 32, 2000, singleCommits(b, h.read))
		b.ReportMetric(h.receiveRate(b)/limit, "of-L32")
		b.ReportMetric(limit, "L32/s")
	})
	b.Run("sqlite", func(b *testing.B) {
		h := newHouseAt(b, "")
		limit := perSecond(b, 32, 4000, groupCommits(b, h.Store))
		b.ReportMetric(h.receiveRate(b)/limit, "of-group-commit")
		b.ReportMetric(limit, "group-commit/s")
	})
}

func newHouseAt(b *testing.B, url string) *house {
	if url == "" {
		return newHouse(b, "sqlite")
	}
	h := newHouse(b, "sqlite")
	h.Close()
	h.config.URL, h.config.Folder = url, ""
	h.open()
	return h
}

// receiveRate takes in b.N texts of 500 phones and reports texts a second.
func (h *house) receiveRate(b *testing.B) float64 {
	var n atomic.Int64
	to := hotline.AddressOf("+4570201550")
	each := func() error {
		i := n.Add(1)
		in := hotline.Inbound{SID: fmt.Sprint("SM", i), From: hotline.AddressOf(fmt.Sprint("+45201", 10000+i%500)), To: to,
			Text: "are you there? I can talk for ten minutes, then he is back", At: h.clock()}
		return h.Receive(context.Background(), in, "en")
	}
	for range 500 {
		each()
	}
	b.ResetTimer()
	rate := perSecond(b, 32, b.N, each)
	b.StopTimer()
	b.ReportMetric(rate, "texts/s")
	return rate
}

// perSecond does n things with as many clients and gives the rate.
func perSecond(b *testing.B, clients, n int, each func() error) float64 {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	began := time.Now()
	var g sync.WaitGroup
	for range clients {
		g.Go(func() {
			for left.Add(-1) >= 0 {
				if err := each(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	g.Wait()
	return float64(n) / time.Since(began).Seconds()
}

const limitTable = `CREATE TABLE IF NOT EXISTS limit_rows (id TEXT PRIMARY KEY, body BYTEA NOT NULL)`

// singleCommits inserts one row a commit.
func singleCommits(b *testing.B, db *sql.DB) func() error {
	if _, err := db.Exec(limitTable); err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	var n atomic.Int64
	body := make([]byte, 300)
	return func() error {
		_, err := db.Exec(`INSERT INTO limit_rows (id, body) VALUES ($1, $2)`, fmt.Sprint("l", n.Add(1)), body)
		return err
	}
}

// groupCommits inserts one row a change through the writer and nothing else.
func groupCommits(b *testing.B, s *Store) func() error {
	if _, err := s.db.Exec(limitTable); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	body := make([]byte, 300)
	return func() error {
		return s.write(context.Background(), func(t *tx) error {
			_, err := t.exec(`INSERT INTO limit_rows (id, body) VALUES ($1, $2)`, fmt.Sprint("l", n.Add(1)), body)
			return err
		})
	}
}
