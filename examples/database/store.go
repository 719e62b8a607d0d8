package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite

	cors "github.com/polycors/polycors/core"
)

// listTimeout bounds the reading of the whole list.
const listTimeout = 10 * time.Second

// A Store keeps the allowed origins in PostgreSQL or SQLite.
type Store struct{ db *sql.DB }

// Open opens the database at a URL of PostgreSQL, or SQLite's in a file.
func Open(ctx context.Context, url string) (*Store, error) {
	driver, source := "sqlite", "file:"+url+"?_pragma=busy_timeout(400)"
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		driver, source = "pgx", url
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	// The check keeps "*" out, which would allow every site.
	_, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS cors_origins (
		origin TEXT PRIMARY KEY CHECK (origin LIKE '%://%' AND origin NOT LIKE '%*%')
	)`)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("creating the table: %w", err)
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Add allows an origin. It refuses what is not a valid origin: one invalid row
// would make every further list invalid.
func (s *Store) Add(ctx context.Context, origin string) error {
	cfg := base()
	cfg.AllowOrigins = []string{origin}
	if _, err := cors.New(cfg); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO cors_origins (origin) VALUES ($1) ON CONFLICT DO NOTHING`, origin)
	return err
}

// Remove refuses an origin.
func (s *Store) Remove(ctx context.Context, origin string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM cors_origins WHERE origin = $1`, origin)
	return err
}

// Has reports whether an origin is allowed.
func (s *Store) Has(ctx context.Context, origin string) (allowed bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cors_origins WHERE origin = $1)`, origin).Scan(&allowed)
	return allowed, err
}

// All returns all origins.
func (s *Store) All(ctx context.Context) ([]string, error) {
	ctx, done := context.WithTimeout(ctx, listTimeout)
	defer done()
	rows, err := s.db.QueryContext(ctx, `SELECT origin FROM cors_origins ORDER BY origin`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	origins := []string{} // not nil: an empty table allows nobody
	for rows.Next() {
		var origin string
		if err := rows.Scan(&origin); err != nil {
			return nil, err
		}
		origins = append(origins, origin)
	}
	return origins, rows.Err()
}
