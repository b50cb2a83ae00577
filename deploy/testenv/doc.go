// Package testenv gives a test the real servers it needs, private to it and on
// loopback: Redis, PostgreSQL, and a Chromium.
//
//	store := open(testenv.Postgres(t))       // a database of this test's own
//	rdb := dial(testenv.Redis(t))            // one server for the test binary: use a prefix of your own
//	srv := testenv.NewRedis(t)               // a server of its own, to stop, start and flush
//	chromedp.Do(testenv.Browser(t), …)       // a browser of this test's own
//
// # What holds
//
//   - Nothing that already runs on the machine is touched. Servers listen on
//     127.0.0.1, on ports below the range that outgoing connections use, so a
//     stopped one finds its port free when it starts again.
//   - A server never outlives the test binary, however that ends: a small
//     watcher process holds a pipe to it, and on its end kills the server and
//     removes its folder. No TestMain is needed, and no goroutine runs, so
//     leak checks stay quiet.
//   - Any number of test binaries may run at once. They share one thing, the
//     freshly made PostgreSQL cluster that each copies, kept per user and per
//     version of PostgreSQL in the temporary folder, and made under a lock.
//   - As root, PostgreSQL runs as user postgres, or nobody: it refuses root.
//   - Everything may be called from parallel tests. Methods that take no
//     testing.TB fail the test they were made for, so they belong on its
//     goroutine. In a bubble of testing/synctest there is no real time to start
//     a server in: get the address before it.
//
// # When a part is missing
//
// The test is skipped, with one line that says what to install. It fails
// instead when HOPELINE_TEST_REQUIRE names the part (redis, postgres,
// chromium, tsc, separated by commas, or all), or when CI is true. A server
// that is there and doesn't start fails the test always, with the end of its
// log. After an install, run with -count=1: go test remembers the skip.
//
// Unix only, as are the servers.
package testenv
