// Verifies the events of standard input, a JSON line each, with the Go library of Standard Webhooks.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

type event struct {
	Secret  string            `json:"secret"`
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		var given event
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			panic(err)
		}
		webhook, err := standardwebhooks.NewWebhook(given.Secret)
		if err != nil {
			panic(err)
		}
		headers := http.Header{}
		for name, value := range given.Headers {
			headers.Set(name, value)
		}
		if err := webhook.Verify([]byte(given.Body), headers); err != nil {
			fmt.Println("refused")
			continue
		}
		fmt.Println("verified")
	}
}
