package carrier

import (
	"context"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"hopeline/hotline"
)

// slow is a switchboard whose database does not answer.
type slow struct{ board }

func (*slow) Caller(ctx context.Context, _ hotline.ContactID, _ bool) (hotline.CallerPlace, error) {
	<-ctx.Done()
	return hotline.CallerPlace{}, ctx.Err()
}

func (*slow) Pressed(ctx context.Context, _ hotline.Pressed) (hotline.CallerPlace, error) {
	<-ctx.Done()
	return hotline.CallerPlace{}, ctx.Err()
}

func (*slow) Leg(ctx context.Context, _ hotline.LegID, _ string, _ bool) (hotline.LegPlace, error) {
	<-ctx.Done()
	return hotline.LegPlace{}, ctx.Err()
}

// However long the database takes, a caller hears something within a second, and a leg before the carrier gives up.
func TestASlowDatabase(t *testing.T) {
	t.Parallel()
	for uri, most := range map[string]time.Duration{
		pathCaller: time.Second, pathWait: time.Second, pathHold: time.Second, pathLanguage: time.Second, pathKey + "?k=w&n=1": time.Second,
		pathLeg: 14 * time.Second, pathRecorded + "?c=c1": 14 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			h := newCallHouse(t)
			h.calls = &slow{}
			w, began := httptest.NewRecorder(), time.Now()
			h.ServeHTTP(w, signed(uri, form1("CallSid=CA1&To=x&Digits=1&RecordingSid=RE1")))
			if took := time.Since(began); w.Code != 200 || w.Body.Len() == 0 || took > most {
				t.Errorf("%s is answered %d with %d bytes after %v, want a document within %v", uri, w.Code, w.Body.Len(), took, most)
			}
		})
	}
}
