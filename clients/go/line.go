package probity

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// encode writes a call as a line of version 2 of the wire format: docs/calls.md of Probity describes it.
func encode(call Call, caller, version string) string {
	status, name := endOf(call)
	fields := []string{
		"2",
		field(call.Method, 32),
		withoutSecrets(call.URL),
		fmt.Sprintf("%.3f", call.Duration.Seconds()*1000),
		"",
		field(call.Operation, 200),
		field(caller, 100),
		field(version, 100),
		field(name, 100),
	}
	// An HTTP request without an answer has status 0; an operation has a status only if its error has one.
	if status != 0 || call.URL != "" {
		fields[4] = strconv.Itoa(status)
	}
	return strings.Join(fields, "\t") + "\n"
}

// field makes a text fit into one field: without control characters, and at most so many characters long.
func field(text string, limit int) string {
	clean := []rune(strings.TrimSpace(strings.Map(printable, text)))
	if len(clean) > limit {
		clean = clean[:limit]
	}
	return strings.TrimSpace(string(clean))
}

func printable(r rune) rune {
	if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
		return ' '
	}
	return r
}

// withoutSecrets removes the user name, the password, the query string and the fragment of a URL.
func withoutSecrets(url string) string {
	if end := strings.IndexAny(url, "?#"); end != -1 {
		url = url[:end]
	}
	start := 0
	if scheme := strings.Index(url, "//"); scheme != -1 {
		start = scheme + 2
	}
	host, path := url[start:], "/"
	if slash := strings.IndexAny(host, `/\`); slash != -1 {
		host, path = host[:slash], host[slash:]
	}
	host = host[strings.LastIndex(host, "@")+1:]
	if host == "" {
		return ""
	}
	return strings.Map(printable, url[:start]+host) + field(path, 512)
}
