package routing

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"hopeline/hotline"
)

// state is what Redis says of itself.
type state struct {
	generation string    // of SQL when it was built; empty: not built, or being built
	run        string    // the server's run id then; empty where a server does not tell
	built      time.Time // nobody counts as unseen for longer
}

var runID = regexp.MustCompile(`(?m)^run_id:(\S+)`)

// state reads the index's state, and the run id of the server as it is now.
func (x *index) state(ctx context.Context) (s state, run string, err error) {
	ctx, done := x.bound(ctx)
	defer done()
	fields, err := x.rdb.HGetAll(ctx, x.keys.state).Result()
	if err != nil {
		return s, "", fmt.Errorf("read the index's state: %w", err)
	}
	built, _ := strconv.ParseInt(fields["built"], 10, 64)
	s = state{generation: fields["generation"], run: fields["run"], built: time.UnixMilli(built).UTC()}
	run, err = x.runID(ctx)
	return s, run, err
}

// runID asks the server that holds the keys for its run id; an empty one where it has none to tell.
func (x *index) runID(ctx context.Context) (string, error) {
	var server interface {
		Info(context.Context, ...string) *redis.StringCmd
	} = x.rdb
	if cluster, ok := x.rdb.(*redis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, x.keys.state)
		if err != nil {
			return "", fmt.Errorf("find the index's server: %w", err)
		}
		server = master
	}
	info, err := server.Info(ctx, "server").Result()
	if refused := redis.Error(nil); errors.As(err, &refused) {
		return "", nil // the embedded one
	}
	if err != nil {
		return "", fmt.Errorf("read the run id: %w", err)
	}
	if m := runID.FindStringSubmatch(info); m != nil {
		return m[1], nil
	}
	return "", nil
}

// builderLease is how long others wait for a rebuild that died.
const builderLease = 10 * time.Second

// shut closes the index and empties it, unless somebody else is building it.
func (x *index) shut(ctx context.Context) (mine bool, err error) {
	ctx, done := x.bound(ctx)
	defer done()
	mine, err = x.rdb.SetNX(ctx, x.keys.builder, "1", builderLease).Result()
	if err != nil || !mine {
		return false, wrap("close the index", err)
	}
	_, err = x.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, x.keys.state)
		p.Unlink(ctx, x.keys.rebuilt()...)
		return nil
	})
	return true, wrap("close the index", err)
}

// open says that the index is whole.
func (x *index) open(ctx context.Context, s state) error {
	ctx, done := x.bound(ctx)
	defer done()
	_, err := x.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, x.keys.state, "generation", s.generation, "run", s.run, "built", ms(s.built))
		p.Del(ctx, x.keys.builder)
		return nil
	})
	return wrap("open the index", err)
}

// seenSince gives everybody who was reachable since, and when last.
func (x *index) seenSince(ctx context.Context, since time.Time) (map[hotline.UserID]time.Time, error) {
	ctx, done := x.bound(ctx)
	defer done()
	found, err := x.rdb.ZRangeByScoreWithScores(ctx, x.keys.seen,
		&redis.ZRangeBy{Min: strconv.FormatInt(ms(since), 10), Max: "+inf"}).Result()
	if err != nil {
		return nil, fmt.Errorf("read who was seen: %w", err)
	}
	seen := make(map[hotline.UserID]time.Time, len(found))
	for _, z := range found {
		seen[hotline.UserID(z.Member.(string))] = time.UnixMilli(int64(z.Score)).UTC()
	}
	return seen, nil
}

// forgetSeen drops those who were not seen for so long that nothing asks any more.
func (x *index) forgetSeen(ctx context.Context, before time.Time) error {
	ctx, done := x.bound(ctx)
	defer done()
	return wrap("forget who was seen", x.rdb.ZRemRangeByScore(ctx, x.keys.seen, "-inf", strconv.FormatInt(ms(before), 10)).Err())
}

// asked gives the users who are being asked, and the contacts that may have been held out to everybody. Their lines are
// codes.
func (x *index) asked(ctx context.Context) (users []hotline.UserID, lapping []hotline.Waiting, err error) {
	ctx, done := x.bound(ctx)
	defer done()
	var busy, laps *redis.StringSliceCmd
	_, err = x.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		busy, laps = p.SMembers(ctx, x.keys.asked), p.SMembers(ctx, x.keys.lapping)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read who is asked: %w", err)
	}
	for _, u := range busy.Val() {
		users = append(users, hotline.UserID(u))
	}
	if len(laps.Val()) == 0 {
		return users, nil, nil
	}
	records, err := x.rdb.HMGet(ctx, x.keys.contacts, laps.Val()...).Result()
	if err != nil {
		return nil, nil, fmt.Errorf("read who was asked: %w", err)
	}
	for i, r := range records {
		if r, ok := r.(string); ok {
			_, record, _ := strings.Cut(r, " ") // the version
			lapping = append(lapping, contactIn(hotline.ContactID(laps.Val()[i]), record))
		}
	}
	return users, lapping, nil
}

// onDuty gives those whose turn may come. The lines of their tiers are codes.
func (x *index) onDuty(ctx context.Context) ([]hotline.Candidate, error) {
	ctx, done := x.bound(ctx)
	defer done()
	records, err := x.rdb.HGetAll(ctx, x.keys.users).Result()
	if err != nil {
		return nil, fmt.Errorf("read who is on duty: %w", err)
	}
	users := make([]hotline.Candidate, 0, len(records))
	for id, record := range records {
		users = append(users, userIn(hotline.UserID(id), record))
	}
	return users, nil
}

// drop takes seats away that stand for nobody.
func (x *index) drop(ctx context.Context, seats []seat) error {
	for kind, key := range map[string]string{"t": x.keys.texts, "c": x.keys.calls} {
		var names []any
		for _, s := range seats {
			if s.kind == kind {
				names = append(names, s.name)
			}
		}
		if len(names) == 0 {
			continue
		}
		ctx, done := x.bound(ctx)
		err := x.rdb.ZRem(ctx, key, names...).Err()
		done()
		if err != nil {
			return fmt.Errorf("drop seats: %w", err)
		}
	}
	return nil
}

// snapshot is the whole index, for comparing it with SQL.
type snapshot struct {
	queue    map[hotline.ContactID]int64  // order
	contacts map[hotline.ContactID]string // record, without the version
	clock    map[hotline.ContactID]int64  // due
	users    map[hotline.UserID]string    // record
	asked    map[hotline.UserID]bool
	lapping  map[hotline.ContactID]bool
	seats    map[seat]bool             // all that there are
	of       map[hotline.UserID][]seat // whose they are
	claimed  map[string]bool
}

func (x *index) snapshot(ctx context.Context) (snapshot, error) {
	ctx, done := x.bound(ctx)
	defer done()
	var queue, clock *redis.ZSliceCmd
	var contacts, users *redis.MapStringStringCmd
	var asked, lapping, texts, calls, claims *redis.StringSliceCmd
	_, err := x.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		queue, clock = p.ZRangeWithScores(ctx, x.keys.queue, 0, -1), p.ZRangeWithScores(ctx, x.keys.clock, 0, -1)
		texts, calls = p.ZRange(ctx, x.keys.texts, 0, -1), p.ZRange(ctx, x.keys.calls, 0, -1)
		contacts, users = p.HGetAll(ctx, x.keys.contacts), p.HGetAll(ctx, x.keys.users)
		asked, lapping = p.SMembers(ctx, x.keys.asked), p.SMembers(ctx, x.keys.lapping)
		claims = p.ZRange(ctx, x.keys.claims, 0, -1)
		return nil
	})
	if err != nil {
		return snapshot{}, fmt.Errorf("read the index: %w", err)
	}
	s := snapshot{
		queue: scores[hotline.ContactID](queue), clock: scores[hotline.ContactID](clock),
		asked: set[hotline.UserID](asked), lapping: set[hotline.ContactID](lapping), claimed: set[string](claims),
		seats: make(map[seat]bool), of: make(map[hotline.UserID][]seat), contacts: make(map[hotline.ContactID]string), users: make(map[hotline.UserID]string),
	}
	for id, record := range contacts.Val() {
		_, record, _ = strings.Cut(record, " ")
		s.contacts[hotline.ContactID(id)] = record
	}
	for id, record := range users.Val() {
		s.users[hotline.UserID(id)] = record
	}
	s.sit("t", texts.Val())
	s.sit("c", calls.Val())
	return s, nil
}

// sit notes whose seats these are.
func (s *snapshot) sit(kind string, names []string) {
	for _, name := range names {
		at := seat{kind, name}
		s.seats[at] = true
		if words := strings.Fields(name); len(words) == 4 {
			id := hotline.UserID(words[2])
			s.of[id] = append(s.of[id], at)
		}
	}
}

func scores[T ~string](from *redis.ZSliceCmd) map[T]int64 {
	m := make(map[T]int64, len(from.Val()))
	for _, z := range from.Val() {
		m[T(z.Member.(string))] = int64(z.Score)
	}
	return m
}

func set[T ~string](from *redis.StringSliceCmd) map[T]bool {
	m := make(map[T]bool, len(from.Val()))
	for _, s := range from.Val() {
		m[T(s)] = true
	}
	return m
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
