package main

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

type user struct {
	ID          string     `json:"id"`
	Username    string     `json:"username"`
	Email       string     `json:"email"`
	IsAdmin     bool       `json:"is_admin"`
	IsActive    bool       `json:"is_active"`
	IsVerified  bool       `json:"email_verified"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	LastLoginAt *time.Time `json:"last_login_at"`
}

var errNoUser = errors.New("no such user")

const columns = "id::text, username, email, is_admin, is_active, email_verified, created_at, updated_at, last_login_at"

func (u *user) fields() []any {
	return []any{&u.ID, &u.Username, &u.Email, &u.IsAdmin, &u.IsActive, &u.IsVerified, &u.CreatedAt, &u.UpdatedAt,
		&u.LastLoginAt}
}

// As the contract has times: in UTC, without fractions.
func (u *user) tidy() {
	u.CreatedAt = u.CreatedAt.UTC().Truncate(time.Second)
	u.UpdatedAt = u.UpdatedAt.UTC().Truncate(time.Second)
	if u.LastLoginAt != nil {
		last := u.LastLoginAt.UTC().Truncate(time.Second)
		u.LastLoginAt = &last
	}
}

// The users in the database. pgx prepares each statement once for each connection.
type users struct{ pool *pgxpool.Pool }

func (u users) user(ctx context.Context, id string) (user, error) {
	var found user
	err := u.pool.QueryRow(ctx, "SELECT "+columns+" FROM users WHERE id = $1 AND deleted_at IS NULL", id).
		Scan(found.fields()...)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoUser
	}
	found.tidy()
	return found, err
}

func (u users) credentials(ctx context.Context, username string) (user, string, error) {
	var found user
	var hash string
	err := u.pool.QueryRow(ctx, "SELECT "+columns+", password_hash FROM users "+
		"WHERE lower(username) = $1 AND deleted_at IS NULL", strings.ToLower(username)).
		Scan(append(found.fields(), &hash)...)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoUser
	}
	return found, hash, err
}

// A page with how many there are, in one statement. The schema keeps the sum.
func (u users) page(ctx context.Context, limit, offset int) ([]user, int, error) {
	rows, err := u.pool.Query(ctx, "SELECT "+columns+", (SELECT sum(count)::bigint FROM user_counts) FROM users "+
		"WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2", limit, offset)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	found := make([]user, 0, limit)
	total := 0
	for rows.Next() {
		var next user
		if err := rows.Scan(append(next.fields(), &total)...); err != nil {
			return nil, 0, err
		}
		next.tidy()
		found = append(found, next)
	}
	return found, total, rows.Err()
}

// Notes the login, makes a session and writes it down in the audit; answers the session.
func (u users) open(ctx context.Context, who *user, remote, agent string) (string, error) {
	address, _, _ := net.SplitHostPort(remote)
	now := time.Now().UTC()
	session := ""
	err := u.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE users SET last_login_at = $1 WHERE id = $2", now, who.ID); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, "+
			"user_agent) VALUES (gen_random_uuid(), $1, $2, $2, $3, $4, $5) RETURNING id::text",
			who.ID, now, now.Add(30*24*time.Hour), address, agent).Scan(&session); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO audit (id, at, actor_id, actor_name, action, is_success, address) "+
			"VALUES (gen_random_uuid(), $1, $2, $3, 'login', true, $4)", now, who.ID, who.Username, address)
		return err
	})
	who.LastLoginAt = &now
	who.tidy()
	return session, err
}

func (u users) end(ctx context.Context, session string) error {
	_, err := u.pool.Exec(ctx, "UPDATE sessions SET revoked_at = $1, revoke_reason = 'logout' "+
		"WHERE id = $2 AND revoked_at IS NULL", time.Now().UTC(), session)
	return err
}
