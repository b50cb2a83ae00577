package storage

import (
	"context"
	"database/sql"
)

// statements keeps the writer's queries prepared, where the engine would parse them again each time. PostgreSQL's
// driver does so itself. They belong to the writer and need no lock.
type statements struct {
	kept   map[string]*sql.Stmt
	wanted map[string]bool // asked for in a transaction, where they cannot be prepared to last
}

// statementsMost bounds what is kept: queries are few, in few sizes.
const statementsMost = 256

func newStatements() *statements {
	return &statements{kept: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// in gives the query's prepared statement within a transaction, or nil when there is none yet.
func (s *statements) in(t *tx, query string) *sql.Stmt {
	if s == nil {
		return nil
	}
	if stmt, ok := s.kept[query]; ok {
		return t.StmtContext(t.ctx, stmt)
	}
	s.wanted[query] = true
	return nil
}

// prepare gets ready, between two transactions, what the last one asked for.
func (s *statements) prepare(ctx context.Context, db *sql.DB) {
	if s == nil {
		return
	}
	for query := range s.wanted {
		delete(s.wanted, query)
		if len(s.kept) >= statementsMost {
			continue
		}
		if stmt, err := db.PrepareContext(ctx, query); err == nil {
			s.kept[query] = stmt
		}
	}
}

// query runs a query for rows.
func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	if stmt := t.ready.in(t, query); stmt != nil {
		return stmt.QueryContext(t.ctx, args...)
	}
	return t.QueryContext(t.ctx, query, args...)
}

// queryRow runs a query for one row.
func (t *tx) queryRow(query string, args ...any) *sql.Row {
	if stmt := t.ready.in(t, query); stmt != nil {
		return stmt.QueryRowContext(t.ctx, args...)
	}
	return t.QueryRowContext(t.ctx, query, args...)
}

// exec runs a statement that changes something, and gives the number of rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if stmt := t.ready.in(t, query); stmt != nil {
		res, err = stmt.ExecContext(t.ctx, args...)
	} else {
		res, err = t.ExecContext(t.ctx, query, args...)
	}
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}
