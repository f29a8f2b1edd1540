// The API in Go, as one would write it with the standard library: net/http, a pool of pgx, redigo, golang-jwt, and argon2
// of golang.org/x/crypto.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v4/pgxpool"
)

type server struct {
	users  users
	tokens tokens
	ended  revocations
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	configuration, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	configuration.MinConns, configuration.MaxConns = 8, 8
	database, err := pgxpool.ConnectConfig(ctx, configuration)
	if err != nil {
		log.Fatal(err)
	}
	defer database.Close()
	store := &redis.Pool{
		MaxIdle: 64, MaxActive: 64, Wait: true, IdleTimeout: 5 * time.Minute,
		Dial: func() (redis.Conn, error) { return redis.DialURL(os.Getenv("REDIS_URL")) },
	}
	defer store.Close()

	s := &server{users{database}, newTokens(os.Getenv("JWT_SECRET")), revocations{store}}
	routes := http.NewServeMux()
	routes.HandleFunc("/health", func(response http.ResponseWriter, _ *http.Request) {
		answer(response, http.StatusOK, map[string]string{"status": "healthy"})
	})
	routes.HandleFunc("/api/v1/auth/login", only(http.MethodPost, s.login))
	routes.HandleFunc("/api/v1/auth/logout", only(http.MethodPost, s.signedIn(s.logout)))
	routes.HandleFunc("/api/v1/auth/me", only(http.MethodGet, s.signedIn(s.me)))
	routes.HandleFunc("/api/v1/hello", only(http.MethodGet, s.signedIn(s.hello)))
	routes.HandleFunc("/api/v1/users", only(http.MethodGet, s.signedIn(s.list)))
	listener := &http.Server{
		Addr: os.Getenv("LISTEN"), Handler: routes, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 75 * time.Second,
	}
	go func() {
		<-ctx.Done()
		listener.Shutdown(context.Background())
	}()
	if err := listener.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func (s *server) login(response http.ResponseWriter, request *http.Request) {
	var body struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(response, request.Body, 1<<20)).Decode(&body); err != nil {
		refuse(response, http.StatusBadRequest, "BAD_REQUEST", "the content is not JSON")
		return
	}
	user, hash, err := s.users.credentials(request.Context(), body.Username)
	if errors.Is(err, errNoUser) {
		hash = nobodysHash
	} else if err != nil {
		fail(response, err)
		return
	}
	isRight, hashErr := matches(body.Password, hash)
	if hashErr != nil {
		fail(response, hashErr)
		return
	}
	if !isRight || err != nil || !user.IsActive {
		refuse(response, http.StatusUnauthorized, "AUTHENTICATION_ERROR", "the name or the password is wrong")
		return
	}
	session, err := s.users.open(request.Context(), &user, request.RemoteAddr, request.UserAgent())
	if err != nil {
		fail(response, err)
		return
	}
	access, err := s.tokens.issue(user, session)
	if err != nil {
		fail(response, err)
		return
	}
	response.Header().Set("Cache-Control", "no-store")
	answer(response, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "bearer", "expires_in": int(s.tokens.life.Seconds()), "user": user,
	})
}

func (s *server) logout(response http.ResponseWriter, request *http.Request, caller *claims) {
	if err := s.users.end(request.Context(), caller.Session); err != nil {
		fail(response, err)
		return
	}
	if err := s.ended.add(caller.Session, s.tokens.life); err != nil {
		fail(response, err)
		return
	}
	response.WriteHeader(http.StatusNoContent)
}

func (s *server) hello(response http.ResponseWriter, _ *http.Request, caller *claims) {
	answer(response, http.StatusOK, struct {
		Message  string `json:"message"`
		Username string `json:"username"`
	}{"hello world", caller.Username})
}

func (s *server) me(response http.ResponseWriter, request *http.Request, caller *claims) {
	user, err := s.users.user(request.Context(), caller.Subject)
	if err != nil {
		fail(response, err)
		return
	}
	answer(response, http.StatusOK, user)
}

func (s *server) list(response http.ResponseWriter, request *http.Request, caller *claims) {
	if !caller.isAdmin() {
		refuse(response, http.StatusForbidden, "FORBIDDEN", "this is for administrators")
		return
	}
	page, size := number(request, "page", 1, 1_000_000), number(request, "page_size", 20, 100)
	items, total, err := s.users.page(request.Context(), size, (page-1)*size)
	if err != nil {
		fail(response, err)
		return
	}
	answer(response, http.StatusOK, map[string]any{
		"items": items, "page": page, "page_size": size, "total": total, "pages": (total + size - 1) / size,
	})
}

func number(request *http.Request, name string, otherwise, most int) int {
	value, err := strconv.Atoi(request.URL.Query().Get(name))
	if err != nil || value < 1 || value > most {
		return otherwise
	}
	return value
}

func only(method string, handler http.HandlerFunc) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		if request.Method != method {
			response.Header().Set("Allow", method)
			refuse(response, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "not with this method")
			return
		}
		handler(response, request)
	}
}

func answer(response http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		fail(response, err)
		return
	}
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("Content-Length", strconv.Itoa(len(text)))
	response.WriteHeader(status)
	response.Write(text)
}

func refuse(response http.ResponseWriter, status int, code, message string) {
	if status == http.StatusUnauthorized {
		response.Header().Set("WWW-Authenticate", "Bearer")
	}
	answer(response, status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}

func fail(response http.ResponseWriter, err error) {
	// Who has gone away while we asked is no trouble of ours.
	if !errors.Is(err, context.Canceled) {
		log.Print(err)
	}
	refuse(response, http.StatusInternalServerError, "INTERNAL_ERROR", "something went wrong")
}
