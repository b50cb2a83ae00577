package console

import (
	"context"

	"hopeline/hotline"
)

// Absences follow calendars of people's own, for a hint of when they are away.
type Absences interface {
	// Follow refuses what is no address of a calendar with [hotline.ErrInvalid].
	Follow(ctx context.Context, v hotline.Viewer, address string) error
	Unfollow(ctx context.Context, v hotline.Viewer) error
	// Followed is nil when v gave none.
	Followed(ctx context.Context, v hotline.Viewer) (*hotline.Followed, error)
	Follows(ctx context.Context, v hotline.Viewer) ([]hotline.Followed, error)
}

// FollowArgs are the address of a calendar of one's own, https or webcal; it takes the place of another.
type FollowArgs struct {
	URL string `json:"url"`
}

func (a FollowArgs) check() error { return checkText("url", a.URL, 2000, true) }

// Followed is how it stands with a calendar that somebody lets us read. Nothing but busy times is kept of it.
type Followed struct {
	User    hotline.UserID        `json:"user"`
	Host    string                `json:"host"` // of its address; to herself only
	Read    *Stamp                `json:"read"` // when it was last read well; null: never yet
	Fault   hotline.CalendarFault `json:"fault" ts:"'' | 'away' | 'gone' | 'closed' | 'large' | 'unreadable' | 'inside'"`
	Unclear int                   `json:"unclear"` // entries that cannot be understood
}

func followedOf(f hotline.Followed) Followed {
	return Followed{f.User, f.Host, moment(f.Read), f.Fault, f.Unclear}
}

// FollowedResult is one's own calendar; null: none.
type FollowedResult struct {
	Calendar *Followed `json:"calendar"`
}

// FollowsResult are the calendars of all.
type FollowsResult struct {
	Calendars []Followed `json:"calendars"`
}

func (x call) follow(a FollowArgs) (Empty, error) {
	return Empty{}, x.console.parts.Absences.Follow(x, x.v, a.URL)
}

func (x call) unfollow(Nothing) (Empty, error) {
	return Empty{}, x.console.parts.Absences.Unfollow(x, x.v)
}

func (x call) followed(Nothing) (FollowedResult, error) {
	f, err := x.console.parts.Absences.Followed(x, x.v)
	if err != nil || f == nil {
		return FollowedResult{}, err
	}
	shown := followedOf(*f)
	return FollowedResult{&shown}, nil
}

func (x call) follows(Nothing) (FollowsResult, error) {
	all, err := x.console.parts.Absences.Follows(x, x.v)
	return FollowsResult{each(all, followedOf)}, err
}

func (absent) Follow(context.Context, hotline.Viewer, string) error { return errAbsent }
func (absent) Unfollow(context.Context, hotline.Viewer) error       { return errAbsent }
func (absent) Followed(context.Context, hotline.Viewer) (*hotline.Followed, error) {
	return nil, errAbsent
}
func (absent) Follows(context.Context, hotline.Viewer) ([]hotline.Followed, error) {
	return nil, errAbsent
}
