package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gowebpki/jcs"
)

// fingerprint returns the SHA-256 of a movie's canonical JSON (RFC 8785), in lower-case hex, without the places that the
// JSON Pointers in ignore name, and without an empty client-data.
func fingerprint(movie json.RawMessage, ignore []string) (string, error) {
	if len(ignore) > 0 {
		var err error
		if movie, err = withoutIgnored(movie, ignore); err != nil {
			return "", err
		}
	}
	counted, err := withoutEmptyClientData(movie)
	if err != nil {
		return "", err
	}
	canonical, err := jcs.Transform(counted)
	if err != nil {
		return "", fmt.Errorf("the movie has no canonical form: %w", err)
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// withoutEmptyClientData leaves client-data out if it is {}, [] or null. All else stays as it is written.
func withoutEmptyClientData(movie json.RawMessage) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(movie, &members); err != nil {
		return nil, err
	}
	clientData, isGiven := members["client-data"]
	if !isGiven {
		return movie, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, clientData); err != nil {
		return nil, err
	}
	switch compact.String() {
	case "{}", "[]", "null":
		delete(members, "client-data")
		return json.Marshal(members)
	}
	return movie, nil
}

func withoutIgnored(movie json.RawMessage, ignore []string) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(movie))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	var pointers [][]string
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, pointer := range ignore {
		steps := strings.Split(pointer, "/")[1:]
		for at := range steps {
			steps[at] = unescape.Replace(steps[at])
		}
		pointers = append(pointers, steps)
	}
	return json.Marshal(without(value, pointers))
}

// without returns a value without the places that the pointers name; "*" is any member or index.
func without(value any, pointers [][]string) any {
	within := func(name string) (inner [][]string, isIgnored bool) {
		for _, steps := range pointers {
			if steps[0] != "*" && steps[0] != name {
				continue
			}
			if len(steps) == 1 {
				return nil, true
			}
			inner = append(inner, steps[1:])
		}
		return inner, false
	}
	switch value := value.(type) {
	case map[string]any:
		left := map[string]any{}
		for name, item := range value {
			if inner, isIgnored := within(name); !isIgnored {
				left[name] = without(item, inner)
			}
		}
		return left
	case []any:
		left := []any{}
		for at, item := range value {
			if inner, isIgnored := within(strconv.Itoa(at)); !isIgnored {
				left = append(left, without(item, inner))
			}
		}
		return left
	}
	return value
}

// checkVectors checks the test vectors in a file and returns their number.
func checkVectors(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var file struct {
		Vectors []struct {
			Name, Movie, Fingerprint string
			Ignore                   []string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return 0, err
	}
	for _, vector := range file.Vectors {
		found, err := fingerprint(json.RawMessage(vector.Movie), vector.Ignore)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", vector.Name, err)
		}
		if found != vector.Fingerprint {
			return 0, fmt.Errorf("%s: %s instead of %s", vector.Name, found, vector.Fingerprint)
		}
	}
	return len(file.Vectors), nil
}
