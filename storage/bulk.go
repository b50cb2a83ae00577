package storage

import (
	"fmt"
	"strings"
)

// Many rows in one statement. The text around them is the same on both engines; the rows themselves are not, because
// the plain way costs PostgreSQL ten times as much: it parses and plans a statement of a thousand parameters each time.
// There each column is one array, and the statement never changes.

// columnKind is the type of a column.
type columnKind string

const (
	asText   columnKind = "TEXT"
	asNumber columnKind = "BIGINT"
	asTruth  columnKind = "BOOLEAN"
	asBytes  columnKind = "BYTEA"
)

// chunk is the most rows that one statement takes.
func (e engine) chunk() int {
	if e == enginePostgres {
		return batchMost * 8
	}
	return 64
}

// chunks cuts n rows into pieces of few different sizes, so that few different statements have to be prepared.
func (e engine) chunks(n int, each func(from, to int) error) error {
	for from := 0; from < n; {
		size := e.chunk()
		for e == engineSQLite && size > n-from {
			size /= 2
		}
		size = min(size, n-from)
		if err := each(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// rows is what stands behind INSERT INTO … or in WITH v AS (…): n rows of columns of these kinds, and its arguments.
func (e engine) rows(kinds []columnKind, values [][]any) (string, []any) {
	if e == enginePostgres {
		return unnest(kinds), arrays(kinds, values)
	}
	var args []any
	var b strings.Builder
	b.WriteString("VALUES ")
	for i, row := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(list(i*len(kinds), len(kinds)))
		args = append(args, row...)
	}
	return b.String(), args
}

// among is the condition that column is one of values, and its arguments.
func (e engine) among(column string, k columnKind, values []any) (string, []any) {
	if e == enginePostgres {
		rows := make([][]any, len(values))
		for i, v := range values {
			rows[i] = []any{v}
		}
		return fmt.Sprintf("%s = ANY(CAST($1 AS %s[]))", column, k), arrays([]columnKind{k}, rows)
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	args := append([]any{}, values...)
	for len(args) < size { // few different statements: the first value again changes nothing
		args = append(args, values[0])
	}
	return column + " IN " + list(0, size), args
}

// list is "($3, $4, $5)".
func list(after, n int) string {
	var b strings.Builder
	b.WriteByte('(')
	for j := range n {
		if j > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", after+j+1)
	}
	b.WriteByte(')')
	return b.String()
}

func unnest(kinds []columnKind) string {
	parts := make([]string, len(kinds))
	for j, k := range kinds {
		parts[j] = fmt.Sprintf("CAST($%d AS %s[])", j+1, k)
	}
	return "SELECT * FROM unnest(" + strings.Join(parts, ", ") + ")"
}

// arrays turns rows into columns. A nil is NULL in a column of text or bytes.
func arrays(kinds []columnKind, values [][]any) []any {
	args := make([]any, len(kinds))
	for j, k := range kinds {
		switch k {
		case asText:
			args[j] = column(values, j, func(v any) *string {
				if s, ok := v.(string); ok {
					return &s
				}
				return nil
			})
		case asNumber:
			args[j] = column(values, j, func(v any) int64 {
				if n, ok := v.(int); ok {
					return int64(n)
				}
				return v.(int64)
			})
		case asTruth:
			args[j] = column(values, j, func(v any) bool { return v.(bool) })
		case asBytes:
			args[j] = column(values, j, func(v any) []byte {
				b, _ := v.([]byte)
				return b
			})
		}
	}
	return args
}

func column[T any](values [][]any, j int, of func(any) T) []T {
	c := make([]T, len(values))
	for i, row := range values {
		c[i] = of(row[j])
	}
	return c
}
