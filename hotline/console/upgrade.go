package console

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline/auth"
)

// protocol is the subprotocol that a page must ask for.
const protocol = "hopeline.v1"

// upgrader takes the server's own read buffer, and lends write buffers from a pool while something is written. Nothing
// is compressed: what is secret and what a stranger wrote would share one stream.
func (k *Console) upgrader() *websocket.Upgrader {
	return &websocket.Upgrader{
		HandshakeTimeout: 5 * time.Second, WriteBufferSize: 4096, WriteBufferPool: new(sync.Pool),
		Subprotocols: []string{protocol},
		CheckOrigin:  k.ours,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
			refuse(w, status, "invalid", "This address is for a websocket.")
		},
	}
}

// connect lets a page in: first whatever can be refused without looking at the database, then the session.
func (k *Console) connect(w http.ResponseWriter, r *http.Request) {
	switch {
	case !k.ours(r):
		refuseOrigin(w, r)
		return
	case !slices.Contains(websocket.Subprotocols(r), protocol):
		refuse(w, http.StatusBadRequest, "invalid", "Ask for the subprotocol "+protocol+".")
		return
	}
	token := auth.TokenFrom(r, k.cfg.Public)
	if token == "" {
		refuse(w, http.StatusUnauthorized, "forbidden", "Log in first.")
		return
	}
	v, err := k.enter(r.Context(), token)
	switch {
	case errors.Is(err, errEnrol):
		refuse(w, http.StatusForbidden, "forbidden", "Set up the second factor first.")
		return
	case over(err):
		refuse(w, http.StatusUnauthorized, "forbidden", "Log in first.")
		return
	case err != nil:
		k.fail(w, err)
		return
	}
	if k.hub.full(k.limits) {
		refuse(w, http.StatusServiceUnavailable, "unavailable", "There is no room for another page right now.")
		return
	}
	socket, err := k.sockets.Upgrade(w, r, nil)
	if err != nil {
		return // answered by the upgrader
	}
	c := newConnection(k, socket, token, v)
	if !k.hub.add(c) {
		socket.Close()
		return
	}
	go c.serve()
}
