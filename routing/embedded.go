package routing

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Embedded is a Redis in the process, for a house with nothing else to run. It forgets everything when it closes, on
// purpose: every start then builds the index from SQL.
type Embedded struct {
	server   *miniredis.Miniredis
	password string
	stop     chan struct{}
	ticking  sync.WaitGroup
}

// Embed starts one on a free port of the loopback, behind a random password: anybody on the machine could reach it.
func Embed() (*Embedded, error) {
	e := &Embedded{server: miniredis.NewMiniRedis(), password: rand.Text(), stop: make(chan struct{})}
	e.server.RequireAuth(e.password)
	if err := e.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the embedded redis: %w", err)
	}
	e.ticking.Go(e.tick)
	return e, nil
}

// URL is where it listens, with its password: keep it out of logs.
func (e *Embedded) URL() string {
	return (&url.URL{Scheme: "redis", User: url.UserPassword("", e.password), Host: e.server.Addr(), Path: "/0"}).String()
}

// Close ends it, and returns when it has ended.
func (e *Embedded) Close() {
	close(e.stop)
	e.ticking.Wait()
	e.server.Close()
}

// tick makes its time pass: it stands still by itself, and jumping whole seconds would let things expire early.
func (e *Embedded) tick() {
	every := time.NewTicker(100 * time.Millisecond)
	defer every.Stop()
	for last := time.Now(); ; {
		select {
		case <-e.stop:
			return
		case <-every.C:
		}
		now := time.Now()
		e.server.FastForward(now.Sub(last))
		last = now
	}
}
