package main

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
	"github.com/gomodule/redigo/redis"
)

const issuer, audience = "gatehouse", "gatehouse"

type claims struct {
	jwt.RegisteredClaims
	Session   string   `json:"sid"`
	TokenType string   `json:"token_type"`
	Username  string   `json:"username"`
	Email     string   `json:"email"`
	Roles     []string `json:"roles"`
}

func (c *claims) isAdmin() bool {
	for _, role := range c.Roles {
		if role == "admin" {
			return true
		}
	}
	return false
}

type tokens struct {
	secret []byte
	life   time.Duration
	parser *jwt.Parser
}

func newTokens(secret string) tokens {
	seconds, err := strconv.Atoi(os.Getenv("ACCESS_TOKEN_EXPIRE_SECONDS"))
	if err != nil {
		seconds = 900
	}
	return tokens{
		[]byte(secret), time.Duration(seconds) * time.Second, jwt.NewParser(jwt.WithValidMethods([]string{"HS256"})),
	}
}

func (t tokens) issue(who user, session string) (string, error) {
	now := time.Now()
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	roles := []string{"user"}
	if who.IsAdmin {
		roles = []string{"admin", "user"}
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		jwt.RegisteredClaims{
			Issuer: issuer, Subject: who.ID, Audience: jwt.ClaimStrings{audience}, ID: hex.EncodeToString(id),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(t.life)),
		}, session, "access", who.Username, who.Email, roles,
	}).SignedString(t.secret)
}

// Nil for a token that is none.
func (t tokens) read(text string) *claims {
	found := &claims{}
	_, err := t.parser.ParseWithClaims(text, found, func(*jwt.Token) (any, error) { return t.secret, nil })
	if err != nil || !found.VerifyIssuer(issuer, true) || !found.VerifyAudience(audience, true) ||
		found.IssuedAt == nil || found.ExpiresAt == nil || found.TokenType != "access" {
		return nil
	}
	return found
}

// The revocations in Redis, under the keys that Gatehouse gives them.
type revocations struct{ pool *redis.Pool }

// Whether the session has ended, or its user signed out everywhere since: both in one round trip.
func (r revocations) concern(token *claims) (bool, error) {
	connection := r.pool.Get()
	defer connection.Close()
	values, err := redis.ByteSlices(connection.Do("MGET", "gh:revoked:s:"+token.Session, "gh:revoked:u:"+token.Subject))
	if err != nil {
		return true, err
	}
	if values[0] != nil {
		return true, nil
	}
	if values[1] == nil {
		return false, nil
	}
	validAfter, err := strconv.ParseInt(string(values[1]), 10, 64)
	return token.IssuedAt.UnixMicro() < validAfter, err
}

func (r revocations) add(session string, life time.Duration) error {
	connection := r.pool.Get()
	defer connection.Close()
	_, err := connection.Do("SET", "gh:revoked:s:"+session, time.Now().UnixMicro(), "EX", int(life.Seconds()))
	return err
}

func (s *server) signedIn(handler func(http.ResponseWriter, *http.Request, *claims)) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		scheme, text, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		caller := s.tokens.read(text)
		if scheme != "Bearer" || caller == nil {
			refuse(response, http.StatusUnauthorized, "INVALID_TOKEN", "the token is missing or none that counts")
			return
		}
		isRevoked, err := s.ended.concern(caller)
		if err != nil {
			fail(response, err)
			return
		}
		if isRevoked {
			refuse(response, http.StatusUnauthorized, "INVALID_TOKEN", "the token is missing or none that counts")
			return
		}
		handler(response, request, caller)
	}
}
