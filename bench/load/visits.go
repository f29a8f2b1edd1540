package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"math/rand"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What one person does. Below what one user may do in a minute by default.
const (
	hellosPerVisit    = 300
	hellosPerPage     = 10
	hellosPerRefresh  = 90
	hellosPerMe       = 30
	betweenSteps      = 10 * time.Millisecond
	mostVisitsAtOnce  = 2_000
	passwordOfVisitor = "plum-Granite-47-otter"
)

var pages = []string{"/", "/hello", "/account"}

type visitsReport struct {
	Seconds  float64        `json:"seconds"`
	Visits   int64          `json:"visits"`
	PerSec   float64        `json:"visits_per_second"`
	Answers  map[string]int `json:"answers"`
	Hello    percentiles    `json:"hello"`
	Page     percentiles    `json:"page"`
	Login    percentiles    `json:"login"`
	Failures *failures      `json:"failures"`
}

// What all visitors have seen together.
type visitBook struct {
	lock    sync.Mutex
	answers map[string]int
	times   map[string][]time.Duration
	found   *failures
	done    int64
}

func (b *visitBook) note(kind string, taken time.Duration) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.answers[kind]++
	// A sample of the first ones would tell nothing of the end: the list is kept short by leaving out at random.
	if times := b.times[kind]; len(times) < 200_000 {
		b.times[kind] = append(times, taken)
	} else if place := rand.Intn(b.answers[kind]); place < len(times) {
		times[place] = taken
	}
}

// At a fixed rate, or, without one, so many at once as fast as they go.
func visits(flags *flag.FlagSet, arguments []string) any {
	api := flags.String("api", "", "host:port")
	web := flags.String("web", "", "host:port")
	rate := flags.Float64("rate", 0, "visits that begin in a second; 0 for one after the other")
	concurrency := flags.Int("concurrency", 32, "how many at once, without a rate")
	seconds := flags.Float64("seconds", 10, "how long")
	flags.Parse(arguments)

	rand.Seed(time.Now().UnixNano())
	book := &visitBook{answers: map[string]int{}, times: map[string][]time.Duration{}, found: &failures{}}
	start := time.Now()
	length := time.Duration(*seconds * float64(time.Second))
	var visitors sync.WaitGroup
	if *rate == 0 {
		for number := 0; number < *concurrency; number++ {
			visitors.Add(1)
			go func() {
				defer visitors.Done()
				for time.Since(start) < length {
					newVisitor(*api, *web, book, 0).visit()
				}
			}()
		}
		visitors.Wait()
	} else {
		var present int64
		interval := time.Duration(float64(time.Second) / *rate)
		for number := 0; ; number++ {
			due := time.Duration(number) * interval
			if due >= length {
				break
			}
			time.Sleep(due - time.Since(start))
			if atomic.LoadInt64(&present) >= mostVisitsAtOnce {
				book.found.add("too many visits at once: it does not bear the rate")
				continue
			}
			visitors.Add(1)
			atomic.AddInt64(&present, 1)
			go func() {
				defer visitors.Done()
				newVisitor(*api, *web, book, betweenSteps).visit()
				atomic.AddInt64(&present, -1)
			}()
		}
		visitors.Wait()
	}
	taken := time.Since(start).Seconds()
	done := atomic.LoadInt64(&book.done)
	return visitsReport{
		taken, done, float64(done) / taken, book.answers, percentilesOf(book.times["hello"]),
		percentilesOf(book.times["page"]), percentilesOf(book.times["login"]), book.found,
	}
}

// Somebody with an address and a browser of their own.
type visitor struct {
	api, web *connection
	book     *visitBook
	name     string
	address  string
	cookies  map[string]string
	pause    time.Duration
	due      time.Time
}

func newVisitor(api, web string, book *visitBook, pause time.Duration) *visitor {
	number := rand.Int63()
	return &visitor{
		api: &connection{address: api}, web: &connection{address: web}, book: book,
		name:    fmt.Sprintf("visitor-%x", number),
		address: fmt.Sprintf("10.%d.%d.%d", number>>16&0xFF, number>>8&0xFF, number&0xFF),
		cookies: map[string]string{}, pause: pause, due: time.Now(),
	}
}

func (v *visitor) visit() {
	defer v.api.close()
	defer v.web.close()
	if err := v.stay(); err != nil {
		v.book.found.add(err.Error())
		return
	}
	atomic.AddInt64(&v.book.done, 1)
}

func (v *visitor) stay() error {
	if _, err := v.call("sign-up", 201, "POST", "/auth/signup", "", map[string]string{
		"username": v.name, "email": v.name + "@example.com", "password": passwordOfVisitor,
	}); err != nil {
		return err
	}
	answer, err := v.call("login", 200, "POST", "/auth/login", "", map[string]string{
		"username": v.name, "password": passwordOfVisitor,
	})
	if err != nil {
		return err
	}
	var own tokens
	if err := json.Unmarshal(answer.body, &own); err != nil {
		return err
	}
	if err := v.signInToPages(); err != nil {
		return err
	}
	for number := 1; number <= hellosPerVisit; number++ {
		if _, err := v.call("hello", 200, "GET", "/hello", own.Access, nil); err != nil {
			return err
		}
		if number%hellosPerMe == 0 {
			if _, err := v.call("me", 200, "GET", "/auth/me", own.Access, nil); err != nil {
				return err
			}
		}
		if number%hellosPerPage == 0 {
			if _, err := v.browse("page", 200, pages[number/hellosPerPage%len(pages)], nil); err != nil {
				return err
			}
		}
		if number%hellosPerRefresh == 0 {
			asked := time.Now()
			next, err := exchanged(v.api, own.Refresh, v.fields(""))
			if err != nil {
				return err
			}
			v.book.note("refresh", time.Since(asked))
			own = next
		}
	}
	if err := v.signOutOfPages(); err != nil {
		return err
	}
	if _, err := v.call("logout", 204, "POST", "/auth/logout", own.Access, nil); err != nil {
		return err
	}
	_, err = v.call("refused", 401, "GET", "/hello", own.Access, nil)
	return err
}

var formToken = regexp.MustCompile(`name="csrf_token" value="([^"]*)"`)

func (v *visitor) signInToPages() error {
	form, err := v.browse("form", 200, "/login", nil)
	if err != nil {
		return err
	}
	_, err = v.browse("page login", 303, "/login", url.Values{
		"username": {v.name}, "password": {passwordOfVisitor}, "csrf_token": {token(form)},
	})
	return err
}

func (v *visitor) signOutOfPages() error {
	page, err := v.browse("page", 200, "/", nil)
	if err != nil {
		return err
	}
	_, err = v.browse("page logout", 303, "/logout", url.Values{"csrf_token": {token(page)}})
	return err
}

func token(page answer) string {
	if found := formToken.FindSubmatch(page.body); found != nil {
		return html.UnescapeString(string(found[1]))
	}
	return ""
}

// Asks the API, and notes the answer when it is the one that has to come.
func (v *visitor) call(kind string, status int, method, path, access string, body map[string]string) (answer, error) {
	request := "GET /api/v1" + path + " HTTP/1.1\r\n" + head(v.fields(access)) + "\r\n"
	if method == "POST" {
		text := ""
		if body != nil {
			encoded, err := json.Marshal(body)
			if err != nil {
				return answer{}, err
			}
			text = string(encoded)
		}
		request = post("/api/v1"+path, "application/json", text, v.fields(access))
	}
	return v.ask(v.api, kind, status, request)
}

// Asks for a page, or sends a form.
func (v *visitor) browse(kind string, status int, path string, form url.Values) (answer, error) {
	fields := v.fields("")
	var cookies []string
	for name, value := range v.cookies {
		cookies = append(cookies, name+"="+value)
	}
	if len(cookies) > 0 {
		fields["Cookie"] = strings.Join(cookies, "; ")
	}
	request := "GET " + path + " HTTP/1.1\r\n" + head(fields) + "\r\n"
	if form != nil {
		request = post(path, "application/x-www-form-urlencoded", form.Encode(), fields)
	}
	found, err := v.ask(v.web, kind, status, request)
	for _, line := range found.fields["Set-Cookie"] {
		name, rest, _ := strings.Cut(line, "=")
		value, _, _ := strings.Cut(rest, ";")
		v.cookies[name] = value
		if value == "" {
			delete(v.cookies, name)
		}
	}
	return found, err
}

func (v *visitor) ask(line *connection, kind string, status int, request string) (answer, error) {
	time.Sleep(time.Until(v.due))
	// What is late is not caught up with: people who waited do not hurry.
	v.due = time.Now().Add(v.pause)
	asked := time.Now()
	found, err := line.exchange(request)
	if err != nil {
		return found, fmt.Errorf("%s: %w", kind, err)
	}
	if found.status != status {
		return found, fmt.Errorf("%s is answered %d instead of %d: %.200s", kind, found.status, status, found.body)
	}
	v.book.note(kind, time.Since(asked))
	return found, nil
}

func (v *visitor) fields(access string) map[string]string {
	fields := map[string]string{"X-Forwarded-For": v.address}
	if access != "" {
		fields["Authorization"] = "Bearer " + access
	}
	return fields
}

func head(fields map[string]string) string {
	text := "Host: localhost\r\n"
	for name, value := range fields {
		text += name + ": " + value + "\r\n"
	}
	return text
}

func post(path, kind, body string, fields map[string]string) string {
	text := "POST " + path + " HTTP/1.1\r\n" + head(fields)
	if body != "" {
		text += "Content-Type: " + kind + "\r\n"
	}
	return text + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}
