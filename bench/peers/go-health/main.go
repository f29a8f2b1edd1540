// The peer of gatehouse-api's /health: Go's own net/http with one handler and the same answer.
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	body := []byte(os.Getenv("BODY"))
	http.HandleFunc("/health", func(response http.ResponseWriter, _ *http.Request) {
		fields := response.Header()
		fields.Set("Content-Type", "application/json")
		fields.Set("Cache-Control", "no-store")
		fields.Set("X-Content-Type-Options", "nosniff")
		response.Write(body)
	})
	log.Fatal(http.ListenAndServe(os.Getenv("LISTEN"), nil))
}
