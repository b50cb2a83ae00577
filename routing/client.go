package routing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"go.uber.org/zap"
)

// Client opens Redis at an address as the client library spells it; nothing is sent before it is used:
//
//	redis://user:password@host:port/0, rediss://…, unix:///run/redis/redis.sock
//	redis://host:port?addr=host2:port&addr=host3:port                          a cluster: at least one addr
//	redis://host:port?master_name=mymaster&addr=host2:port                     Sentinels
//
// The library's own log goes to log, for every client of the process. An error never shows the address: it may hold a
// password.
func Client(address string, log *zap.Logger) (redis.UniversalClient, error) {
	redis.SetLogger(said{log})
	bad := errors.New("the address of Redis cannot be read: use redis://, rediss:// or unix://")
	u, err := url.Parse(address)
	if err != nil {
		return nil, bad
	}
	switch q := u.Query(); {
	case q.Has("master_name"):
		o, err := redis.ParseFailoverURL(address)
		if err != nil {
			return nil, bad
		}
		o.Protocol, o.MaxRetries, o.ContextTimeoutEnabled = 2, -1, true
		o.DialTimeout = usually(o.DialTimeout, dialing)
		return redis.NewFailoverClient(o), nil
	case q.Has("addr"):
		o, err := redis.ParseClusterURL(address)
		if err != nil {
			return nil, bad
		}
		// Its redirects stay on, and with them a second try after a lost answer: a pair that was lost so comes back
		// when its claim ends.
		o.Protocol, o.MaxRetries, o.ContextTimeoutEnabled, o.MaintNotificationsConfig = 2, -1, true, quiet()
		o.DialTimeout = usually(o.DialTimeout, dialing)
		return redis.NewClusterClient(o), nil
	}
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, bad
	}
	o.Protocol, o.MaxRetries, o.ContextTimeoutEnabled, o.MaintNotificationsConfig = 2, -1, true, quiet()
	o.DialTimeout = usually(o.DialTimeout, dialing)
	return redis.NewClient(o), nil
}

// dialing is how long a connection may take: the router goes on without Redis soon after.
const dialing = time.Second

func usually(set, usual time.Duration) time.Duration {
	if set == 0 {
		return usual
	}
	return set
}

// quiet turns off a probe that other servers answer with an error on every connection.
func quiet() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// said is the library's log.
type said struct{ log *zap.Logger }

func (s said) Printf(_ context.Context, format string, v ...any) {
	s.log.Debug("redis client", zap.String("said", strings.TrimSpace(fmt.Sprintf(format, v...))))
}
