# Reads what `go test -json` prints and tells it briefly: a line for each
# package that passes, tests that fail in full, the reason of each skip. Writes
# "passed failed skipped" to the file named by the variable counts. Tests within
# tests count; a package that fails without a test's failing (it doesn't build,
# it panics) counts as one that failed.

function field(name) {
	if (!match($0, "\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
	return substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}

function number(name) {
	if (!match($0, "\"" name "\":[0-9.e+-]+")) return 0
	return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0
}

# text undoes JSON's escapes, as far as go test writes them.
function text(s) {
	gsub(/\\\\/, "\001", s)
	gsub(/\\n/, "\n", s)
	gsub(/\\t/, "\t", s)
	gsub(/\\r/, "", s)
	gsub(/\\"/, "\"", s)
	gsub(/\\u003c/, "<", s)
	gsub(/\\u003e/, ">", s)
	gsub(/\\u0026/, "\\&", s)
	gsub(/\001/, "\\", s)
	return s
}

# reason is the line in which a test says why it was skipped.
function reason(said,    lines, n, i) {
	n = split(said, lines, "\n")
	for (i = 1; i <= n; i++)
		if (lines[i] ~ /^ +[A-Za-z0-9_]+\.go:[0-9]+: /) {
			sub(/^ +/, "", lines[i])
			return lines[i]
		}
	return "no reason given"
}

!/^\{/ { print; next }

{
	action = field("Action")
	package = field("Package")
	test = field("Test")
	key = package SUBSEP test
}

action == "build-output" { printf "%s", text(field("Output")) }

action == "output" {
	line = text(field("Output"))
	if (line !~ /^=== (RUN|PAUSE|CONT|NAME)/) said[key] = said[key] line
	if (test != "") running[key] = 1
}

test != "" && action == "pass" { passed++; tests[package]++ }

test != "" && action == "skip" {
	skipped++
	print "skip\t" package " " text(test) ": " reason(said[key])
}

test != "" && action == "fail" {
	failed++
	broken[package]++
	printf "%s", said[key]
}

test != "" && (action == "pass" || action == "skip" || action == "fail") {
	delete said[key]
	delete running[key]
}

test == "" && action == "pass" { printf "ok\t%s\t%.1f s\t%d passed\n", package, number("Elapsed"), tests[package] }

test == "" && action == "fail" {
	for (key in running) {
		split(key, at, SUBSEP)
		if (at[1] == package) printf "%s", said[key]
	}
	printf "%s", said[package SUBSEP ""]
	if (!broken[package]) failed++
}

END { printf "%d %d %d\n", passed, failed, skipped >counts }
